import { Chalk, type ChalkInstance } from 'chalk';
import Table from 'cli-table3';
import type { Section } from '../outcome.ts';
import { type Rows, collect } from '../rows.ts';
import type { ColourLevel } from '../terminal.ts';
import { shownCell, shownText } from '../values.ts';
import { foldWords, signs } from './fold.ts';
import { type Shown, fit } from './widths.ts';

export interface TableOptions {
  header: boolean;
  /** signs in a line */
  width: number;
  colours: ColourLevel;
}

/** A table without frames, at most `width` wide if it can be; `dropped` names the columns that found no room. */
export async function drawTable(
  rows: Rows,
  options: TableOptions,
): Promise<{ text: string; dropped: string[] }> {
  const all = await collect(rows.rows);
  const chalk = new Chalk({ level: options.colours });
  const head = rows.title ? `${chalk.bold(rows.title)}\n\n` : '';
  const foot = rows.footer?.length ? `\n${rows.footer.map((line) => chalk.dim(line)).join('\n')}\n` : '';
  if (all.length === 0) return { text: `${head}${rows.empty ?? 'No rows.'}\n${foot}`, dropped: [] };
  const shown = rows.columns
    .filter(({ hidden }) => !hidden)
    .map((column): Shown => {
      const heading = column.title ?? column.key.replaceAll('_', ' ');
      const cells = all.map((row) => shownCell(column, row, rows.timezone));
      return {
        column,
        heading,
        cells,
        width: Math.max(...[options.header ? heading : '', ...cells].map(signs)),
      };
    });
  const { kept, dropped } = fit(shown, options.width);
  return { text: head + draw(kept, options.header, chalk) + foot, dropped };
}

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
        const folded = foldWords(shownText(value, options.timezone), options.width - room - 2);
        return `${chalk.dim(label.padEnd(room))}  ${folded.join(`\n${' '.repeat(room + 2)}`)}\n`;
      });
      parts.push((section.title ? `${chalk.bold(section.title)}\n\n` : '') + lines.join(''));
    }
  }
  return parts.join('\n');
}

/** A cell over several lines, cut between words and the parts of names; what is longer still is cut where it must be, by the table itself. */
function folded(cell: string, width: number): string {
  return signs(cell) <= width ? cell : foldWords(cell, width).join('\n');
}

function draw(shown: Shown[], header: boolean, chalk: ChalkInstance): string {
  const options = {
    chars: noFrame,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colWidths: shown.map(({ width }) => Math.max(width, 1)),
    colAligns: shown.map(({ column }) => column.align ?? 'left'),
    wordWrap: true,
    wrapOnWordBoundary: false,
  };
  const count = shown[0]?.cells.length ?? 0;
  const body = Array.from({ length: count }, (_, row) =>
    shown.map(({ cells, width }) => folded(cells[row]!, width)),
  );
  const headings = header ? [shown.map(({ heading, width }) => folded(heading, width))] : [];
  return `${bold(linesOf(options, headings), chalk)}${linesOf(options, body)}`;
}

/** The rows as lines, each with its end; none for no rows. Colour comes after this: a cell is cut by its signs. */
function linesOf(options: Table.TableConstructorOptions, rows: string[][]): string {
  if (rows.length === 0) return '';
  const table = new Table(options);
  table.push(...rows);
  return `${table.toString().replace(/[ \t]+$/gm, '')}\n`;
}

const bold = (lines: string, chalk: ChalkInstance): string =>
  lines.replace(/^.+$/gm, (line) => chalk.bold(line));

const noFrame = {
  top: '', 'top-mid': '', 'top-left': '', 'top-right': '',
  bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '',
  left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '  ',
}; // prettier-ignore
