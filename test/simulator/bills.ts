/** An invoice as the database has it. */
export interface Issued {
  number: string;
  start: number;
  issuedAt: number;
  dueAt: number;
}

/** The invoices of one subscription: the periods to ask for, what was asked for, and whether it is paid. When one is asked for is the tasks' choice. */
export class Bills {
  /**
   * a code gives away the first period that is asked for, which of a trial is one after it or that of a change: of nothing, and so paid when it is
   * issued (R35)
   */
  isFirstFree = false;
  private readonly toAsk: { start: number; netDays: number }[] = [];
  private readonly open: number[] = [];

  /** A period begins that is to be paid for. */
  begin(start: number, netDays: number): void {
    this.toAsk.push({ start, netDays });
  }

  /** An invoice was issued: due its net days after that (R35). False for one of no period that is to be paid for. */
  hear({ start, issuedAt, dueAt }: Issued): boolean {
    const n = this.toAsk.findIndex((one) => one.start === start);
    if (n < 0 || dueAt !== issuedAt + this.toAsk[n]!.netDays * 24 * 3_600_000) return false;
    this.toAsk.splice(n, 1);
    if (this.isFirstFree) {
      this.isFirstFree = false;
      return true;
    }
    this.open.push(dueAt);
    this.open.sort((a, b) => a - b);
    return true;
  }

  /** Whether a period is to be asked for whose invoice is due as soon as it is issued. */
  isDueAtOnce(): boolean {
    return !this.isFirstFree && this.toAsk.some(({ netDays }) => netDays === 0);
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
