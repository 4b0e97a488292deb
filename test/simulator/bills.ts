/** The invoices of one subscription: when each is due, and whether it is paid. */
export class Bills {
  private readonly open: number[] = [];

  issue(due: number): void {
    this.open.push(due);
    this.open.sort((a, b) => a - b);
  }

  /** when the first is due that nobody has paid */
  due(): number {
    return this.open[0] ?? Infinity;
  }

  /** Pays the one that is due first; false where nothing is owed. */
  pay(): boolean {
    return this.open.shift() !== undefined;
  }
}
