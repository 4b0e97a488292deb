/** What a run is asked to do. */
export interface TaskOptions {
  /** what is due by this instant */
  asOf: Date;
  /** only this customer */
  customer?: string | undefined;
  /** at most this many rows; a customer who is begun is finished */
  limit?: number | undefined;
  /** what missed periods are charged (R36) */
  chargeMissed?: string | undefined;
  /** rows of a page, which is one transaction; what is done in some 30 ms unless said */
  pageSize?: number | undefined;
  /** give back the rows that were done; without it a run of a million rows keeps none */
  keepRows?: boolean | undefined;
}
