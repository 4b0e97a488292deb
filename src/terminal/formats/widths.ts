import type { Column } from '../outcome.ts';
import { leastWidths } from './fold.ts';

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
 * Makes a table fit `room` signs: columns marked optional go first, those that say nothing before the others and the last one first, then the widest texts are folded over
 * several lines: between words as long as that is enough, then between the parts of names, at last anywhere. Numbers and short columns
 * are never cut; what still does not fit is left to the terminal.
 */
export function fit(shown: Shown[], room: number): { kept: Shown[]; dropped: string[] } {
  const kept = [...shown];
  const dropped: string[] = [];
  const isEmpty = ({ cells }: Shown) => cells.every((cell) => cell === '' || cell === '-');
  for (const goes of [isEmpty, () => true])
    for (let at = kept.length - 1; at >= 0 && total(kept) > room; at--)
      if (kept[at]!.column.optional && goes(kept[at]!)) dropped.push(kept.splice(at, 1)[0]!.column.key);
  const inOrder = shown.map(({ column }) => column.key).filter((key) => dropped.includes(key));
  if (total(kept) <= room) return { kept, dropped: inOrder };
  const least = new Map(kept.map((one) => [one, leastWidths([one.heading, ...one.cells])]));
  for (const cut of ['word', 'piece', 'any'] as const)
    shrink(kept, room, (one) => Math.max(narrowest, cut === 'any' ? 0 : least.get(one)![cut]));
  return { kept, dropped: inOrder };
}

/** Takes places from the widest column that is not at its floor, until it is no wider than the next or all fit. */
function shrink(kept: readonly Shown[], room: number, floorOf: (one: Shown) => number): void {
  while (total(kept) > room) {
    const foldable = kept.filter((one) => one.column.align !== 'right' && one.width > floorOf(one));
    if (foldable.length === 0) return;
    const widest = foldable.reduce((a, b) => (b.width > a.width ? b : a));
    const second = Math.max(narrowest, ...foldable.filter((one) => one !== widest).map(({ width }) => width));
    const over = total(kept) - room;
    widest.width = Math.max(widest.width - over, Math.min(second, widest.width - 1), floorOf(widest));
  }
}

function total(shown: readonly Shown[]): number {
  return shown.reduce((sum, { width }) => sum + width, 0) + gap * Math.max(shown.length - 1, 0);
}
