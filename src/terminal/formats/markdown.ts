import { type Rows, collect } from '../rows.ts';
import type { Sink } from '../sink.ts';
import { shownCell } from '../values.ts';

/** A table as GitHub's Markdown, with its title and footer. Values that would be markup are escaped. */
export async function writeMarkdown(sink: Sink, rows: Rows): Promise<void> {
  const columns = rows.columns.filter(({ hidden }) => !hidden);
  const line = (cells: string[]) => `| ${cells.join(' | ')} |\n`;
  if (rows.title) await sink.write(`## ${escapeMarkdown(rows.title)}\n\n`);
  await sink.write(line(columns.map(({ title, key }) => escapeMarkdown(title ?? key.replaceAll('_', ' ')))));
  await sink.write(line(columns.map(({ align }) => (align === 'right' ? '---:' : '---'))));
  for (const row of await collect(rows.rows)) {
    await sink.write(line(columns.map((column) => escapeMarkdown(shownCell(column, row, rows.timezone)))));
  }
  if (rows.footer?.length) await sink.write(`\n${rows.footer.map(escapeMarkdown).join('  \n')}\n`);
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\|`*_<>[\]]/g, (sign) => `\\${sign}`);
}
