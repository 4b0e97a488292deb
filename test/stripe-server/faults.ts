/**
 * What goes wrong on the way: `busy` is 429, `broken` 500 and `refused` 400 before anything was done, `cut` a connection that ends before the request was
 * read, and `lost` one that ends after the work was done: the charge went through, and nobody was told.
 */
export interface Fault {
  kind: 'busy' | 'broken' | 'cut' | 'lost' | 'refused';
  /** only requests whose line fits: `POST /v1/payment_intents` */
  line?: RegExp;
  /** how many requests it hits; one unless said */
  times?: number;
  headers?: Record<string, string>;
  /** how long the connection stays silent before it ends */
  afterMs?: number;
}

/** The faults that are planned; each is used up by the requests that it hits. */
export class Faults {
  /** what every answer waits for */
  latencyMs = 0;
  private planned: Fault[] = [];

  plan(...faults: Fault[]): void {
    this.planned.push(...faults.map((fault) => ({ ...fault })));
  }

  clear(): void {
    this.planned = [];
  }

  take(line: string): Fault | undefined {
    const fault = this.planned.find((each) => !each.line || each.line.test(line));
    if (!fault) return undefined;
    fault.times = (fault.times ?? 1) - 1;
    if (fault.times === 0) this.planned = this.planned.filter((each) => each !== fault);
    return fault;
  }
}
