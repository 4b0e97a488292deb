import Table from 'cli-table3';
import stringWidth from 'string-width';
import { cutText, signs } from './fold.ts';
import type { Shown } from './widths.ts';

/** cli-table3 looks at all rows above for each cell. So one table of it has no more lines than this, and long ones take linear time. */
const batchSize = 50;

interface Line {
  cells: string[];
  widths: number[];
}

/** Rows as text, each over as many lines as its longest cell takes, drawn by cli-table3 with the widths of `kept`. */
export function linesOf(kept: readonly Shown[], rows: readonly string[][], room: number): string {
  let text = '';
  let batch: Line[] = [];
  const draw = () => {
    if (batch.length > 0) text += drawn(kept, batch);
    batch = [];
  };
  for (const line of rows.flatMap((cells) => foldRow(kept, cells, room))) {
    if (batch.length === batchSize || (batch[0] && String(batch[0].widths) !== String(line.widths))) draw();
    batch.push(line);
  }
  draw();
  return text;
}

/**
 * Where the line has room a cell that is wider than its column moves what is behind it; else texts are folded. Numbers are never cut.
 */
function foldRow(kept: readonly Shown[], cells: readonly string[], room: number): Line[] {
  const wide = kept.reduce((sum, { width }, at) => sum + Math.max(width, signs(cells[at]!)) + 2, -2);
  const folded = kept.map(({ column, width }, at) =>
    column.align === 'right' || wide <= room ? [cells[at]!] : cutText(cells[at]!, Math.max(width, 1)),
  );
  const widths = kept.map(({ width }, at) =>
    folded[at]!.reduce((most, part) => Math.max(most, signs(part)), Math.max(width, 1)),
  );
  const height = folded.reduce((most, parts) => Math.max(most, parts.length), 1);
  return Array.from({ length: height }, (_, at) => {
    const parts = folded.map((lines) => lines[at] ?? '');
    return {
      cells: parts,
      widths: widths.map((width, column) => Math.max(1, width + difference(parts[column]!))),
    };
  });
}

/** How many places more cli-table3 counts in a text than a terminal takes: it cuts and fills by its own count. */
function difference(text: string): number {
  return /^[\x20-\x7e]*$/.test(text) ? 0 : stringWidth(text) - signs(text);
}

/** Lines of the same widths. Colour comes after this: a cell is filled by its signs. */
function drawn(kept: readonly Shown[], lines: readonly Line[]): string {
  const table = new Table({
    chars: noFrame,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colWidths: lines[0]!.widths,
    colAligns: kept.map(({ column }) => column.align ?? 'left'),
  });
  table.push(...lines.map(({ cells }) => cells));
  return `${table.toString().replace(/[ \t]+$/gm, '')}\n`;
}

const noFrame = {
  top: '', 'top-mid': '', 'top-left': '', 'top-right': '',
  bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '',
  left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '  ',
}; // prettier-ignore
