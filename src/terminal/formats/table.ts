import { Chalk } from 'chalk';
import { oneLine } from '../../domain/plain-text.ts';
import { alignMoney } from '../currency-digits.ts';
import type { Row, Section } from '../outcome.ts';
import type { Rows } from '../rows.ts';
import type { Sink } from '../sink.ts';
import type { ColourLevel } from '../terminal.ts';
import { shownCell, shownText } from '../values.ts';
import { foldWords, signs } from './fold.ts';
import { linesOf } from './lines.ts';
import { type Shown, fit } from './widths.ts';

export interface TableOptions {
  header: boolean;
  /** signs in a line */
  width: number;
  colours: ColourLevel;
  /** how far instants are from it stands beside them, where there is room */
  now?: Date | undefined;
}

export interface DrawnTable {
  /** the columns that found no room */
  dropped: string[];
  rows: number;
}

/** How many rows decide how wide the columns are; those after them are folded into what there is. */
const sample = 1_000;

/**
 * Writes a table without frames, at most `width` wide if it can be. The rows beyond the first thousand are written as they come, however
 * many they are.
 */
export async function writeTable(
  sink: Pick<Sink, 'write' | 'closed'>,
  { columns, rows, title, empty, footer = [], timezone }: Rows,
  options: TableOptions,
): Promise<DrawnTable> {
  const chalk = new Chalk({ level: options.colours });
  const shown = columns.filter(({ hidden }) => !hidden);
  const cellsOf = (rows: readonly Row[], now?: Date) =>
    alignMoney(
      shown,
      rows.map((row) => shown.map((column) => shownCell(column, row, timezone, now))),
    );
  if (title) await sink.write(`${chalk.bold(oneLine(title))}\n\n`);
  let [count, dropped] = [0, [] as string[]];
  let waiting: Row[] = [];
  let kept: (Shown & { at: number })[] | undefined;
  let now = options.now;
  const flush = async () => {
    let cells = cellsOf(waiting, now);
    if (!kept && waiting.length > 0) {
      if (now && !hasRoom(shownOf(shown, cells, options.header), options.width)) {
        now = undefined;
        cells = cellsOf(waiting);
      }
      const fitted = fit(shownOf(shown, cells, options.header), options.width);
      kept = fitted.kept.map((one) => ({ ...one, at: shown.indexOf(one.column) }));
      dropped = fitted.dropped;
      const headings = options.header
        ? linesOf(kept, [kept.map(({ heading }) => heading)], options.width)
        : '';
      await sink.write(headings.replace(/^.+$/gm, (line) => chalk.bold(line)));
    }
    const lines = cells.map((row) => kept!.map(({ at }) => row[at]!));
    waiting = [];
    await sink.write(linesOf(kept ?? [], lines, options.width));
  };
  for await (const row of rows) {
    if (sink.closed) break;
    waiting.push(row);
    if (++count % sample === 0) await flush();
  }
  await flush();
  if (count === 0) await sink.write(`${empty ?? 'No rows.'}\n`);
  if (footer.length > 0) await sink.write(`\n${footer.map((line) => chalk.dim(oneLine(line))).join('\n')}\n`);
  return { dropped, rows: count };
}

/** The same as one text. */
export async function drawTable(
  rows: Rows,
  options: TableOptions,
): Promise<{ text: string; dropped: string[] }> {
  let text = '';
  const write = (more: string) => Promise.resolve(void (text += more));
  const { dropped } = await writeTable({ write, closed: false }, rows, options);
  return { text, dropped };
}

function shownOf(columns: Rows['columns'], rows: readonly string[][], header: boolean): Shown[] {
  return columns.map((column, at) => {
    const heading = column.title ?? column.key.replaceAll('_', ' ');
    const cells = rows.map((cells) => cells[at]!);
    const width = cells.reduce((most, cell) => Math.max(most, signs(cell)), header ? signs(heading) : 0);
    return { column, heading, cells, width };
  });
}

/** Whether columns of these widths stand side by side in a line. */
const hasRoom = (columns: readonly Shown[], width: number): boolean =>
  columns.reduce((sum, column) => sum + column.width + 2, -2) <= width;

/** The parts of a record: lines of label and value, and tables. */
export async function drawSections(
  sections: readonly Section[],
  options: TableOptions & { timezone?: string | undefined },
) {
  const chalk = new Chalk({ level: options.colours });
  const parts: string[] = [];
  for (const section of sections) {
    if ('charts' in section) continue;
    if ('columns' in section)
      parts.push((await drawTable({ ...section, timezone: options.timezone }, options)).text);
    else {
      const room = Math.max(0, ...section.entries.map(([label]) => signs(label)));
      const lines = section.entries.map(([label, value]) => {
        const folded = foldWords(shownText(value, options.timezone, options.now), options.width - room - 2);
        return `${chalk.dim(label.padEnd(room))}  ${folded.join(`\n${' '.repeat(room + 2)}`)}\n`;
      });
      parts.push((section.title ? `${chalk.bold(section.title)}\n\n` : '') + lines.join(''));
    }
  }
  return parts.join('\n');
}
