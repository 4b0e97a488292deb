import type { Column } from '../outcome.ts';

/** A column with its heading and its cells as they will be shown. */
export interface Shown {
  column: Column;
  heading: string;
  cells: string[];
  width: number;
}

const gap = 2;
const narrowest = 8;

/**
 * Makes a table fit `room` signs: columns marked optional go first, the last one first, then the widest texts are folded over
 * several lines. Numbers and short columns are never cut; what still does not fit is left to the terminal.
 */
export function fit(shown: Shown[], room: number): { kept: Shown[]; dropped: string[] } {
  const kept = [...shown];
  const dropped: string[] = [];
  for (let at = kept.length - 1; at >= 0 && total(kept) > room; at--) {
    if (kept[at]!.column.optional) dropped.unshift(kept.splice(at, 1)[0]!.column.key);
  }
  while (total(kept) > room) {
    const foldable = kept.filter(({ column, width }) => column.align !== 'right' && width > narrowest);
    if (foldable.length === 0) break;
    const widest = foldable.reduce((a, b) => (b.width > a.width ? b : a));
    const second = Math.max(narrowest, ...foldable.filter((one) => one !== widest).map(({ width }) => width));
    const over = total(kept) - room;
    widest.width = Math.max(widest.width - over, Math.min(second, widest.width - 1), narrowest);
  }
  return { kept, dropped };
}

function total(shown: Shown[]): number {
  return shown.reduce((sum, { width }) => sum + width, 0) + gap * Math.max(shown.length - 1, 0);
}
