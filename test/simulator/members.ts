/** The people of a group: who has a seat, and who had one when (R20). One who comes back has been there all along. */
export class Members {
  private readonly people = new Map<string, { joined: number; left: number | null }>();

  has(id: string, at: number): boolean {
    const one = this.people.get(id);
    return one !== undefined && one.joined <= at && (one.left === null || one.left > at);
  }

  /** everyone who ever had a seat */
  all(): string[] {
    return [...this.people.keys()];
  }

  seats(): number {
    return [...this.people.values()].filter(({ left }) => left === null).length;
  }

  /** false where there is no seat, or the person has one */
  add(id: string, at: number, allowed: number | null): boolean {
    const one = this.people.get(id);
    if (one?.left === null || (allowed !== null && this.seats() >= allowed)) return false;
    this.people.set(id, { joined: one?.joined ?? at, left: null });
    return true;
  }

  /** false where the person has no seat */
  remove(id: string, at: number): boolean {
    const one = this.people.get(id);
    if (one?.left !== null) return false;
    one.left = at;
    return true;
  }
}
