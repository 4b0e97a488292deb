import type { Bounds } from '../database/window-oracle.ts';

/** The zones that a customer has lived in, one after the other, and what windows become of a move (R4). */
export class Zones {
  private readonly moves: { from: number; zone: string }[];

  constructor(zone: string) {
    this.moves = [{ from: -Infinity, zone }];
  }

  now(): string {
    return this.moves.at(-1)!.zone;
  }

  move(zone: string, from: number): void {
    this.moves.push({ from, zone });
  }

  /**
   * The window around an instant, where `within` says what it is in one zone: one that is under way at a move ends at the first boundary of
   * the new zone at or after the end that it had in the zone in which it began, and not before the move.
   */
  around(at: number, within: (at: number, zone: string) => Bounds): Bounds {
    const now = this.moves.findLastIndex(({ from }) => from <= at);
    const { from, zone } = this.moves[now]!;
    if (Number.isFinite(from)) {
      const before = this.around(from - 1, within);
      if (at < before.end) return before;
      return this.upTo(
        { start: Math.max(before.end, within(at, zone).start), end: within(at, zone).end },
        now,
        within,
      );
    }
    return this.upTo(within(at, zone), now, within);
  }

  private upTo(
    { start, end: own }: Bounds,
    now: number,
    within: (at: number, zone: string) => Bounds,
  ): Bounds {
    let end = own;
    for (const move of this.moves.slice(now + 1)) {
      if (move.from > end) break;
      const there = within(own, move.zone);
      end = Math.max(there.start < own ? there.end : own, move.from);
    }
    return { start, end };
  }
}
