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
   * The window around an instant, where `within` says what it is in one zone: one that is under way at a move goes on to the first
   * boundary of the new zone at or after its old end.
   */
  around(at: number, within: (at: number, zone: string) => Bounds): Bounds {
    const now = this.moves.findLastIndex(({ from }) => from <= at);
    const { from, zone } = this.moves[now]!;
    if (Number.isFinite(from)) {
      const before = this.around(from - 1, within);
      if (at < before.end) return before;
    }
    const window = { ...within(at, zone) };
    for (const move of this.moves.slice(now + 1)) {
      if (move.from > window.end) break;
      const there = within(window.end, move.zone);
      if (there.start < window.end) window.end = there.end;
    }
    return window;
  }
}
