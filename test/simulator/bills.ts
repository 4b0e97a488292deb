/** An invoice as the database has it. */
export interface Issued {
  number: string;
  start: number;
  issuedAt: number;
  dueAt: number;
}

/** The invoices of one subscription: the periods to ask for, what was asked for, and whether it is paid. When one is asked for is the tasks' choice. */
export class Bills {
  private readonly toAsk: { start: number; netDays: number; isFree: boolean }[] = [];
  private readonly open: number[] = [];

  /** A period begins that is to be paid for, or whose invoice is of nothing and so is paid when it is issued (R35). */
  begin(start: number, netDays: number, isFree = false): void {
    this.toAsk.push({ start, netDays, isFree });
  }

  /** An invoice was issued: due its net days after that (R35). False for one of no period that is to be paid for. */
  hear({ start, issuedAt, dueAt }: Issued): boolean {
    const n = this.toAsk.findIndex((one) => one.start === start);
    if (n < 0 || dueAt !== issuedAt + this.toAsk[n]!.netDays * 24 * 3_600_000) return false;
    const [asked] = this.toAsk.splice(n, 1);
    if (asked!.isFree) return true;
    this.open.push(dueAt);
    this.open.sort((a, b) => a - b);
    return true;
  }

  /** Whether a period is to be asked for whose invoice is due as soon as it is issued. */
  isDueAtOnce(): boolean {
    return this.toAsk.some(({ netDays, isFree }) => netDays === 0 && !isFree);
  }

  /** when the first is due that was asked for and nobody has paid */
  due(): number {
    return this.open[0] ?? Infinity;
  }

  /** Pays the one that is due first; false where nothing is owed. */
  pay(): boolean {
    return this.open.shift() !== undefined;
  }
}
