import { oneLine } from '../../domain/plain-text.ts';
import type { Rows } from '../rows.ts';
import type { Sink } from '../sink.ts';
import { shownCell } from '../values.ts';

const batchSize = 500;

/** A table as GitHub's Markdown, row by row, with its title and footer. Values that would be markup are escaped. */
export async function writeMarkdown(sink: Sink, rows: Rows): Promise<void> {
  const columns = rows.columns.filter(({ hidden }) => !hidden);
  const line = (cells: string[]) => `| ${cells.join(' | ')} |\n`;
  if (rows.title) await sink.write(`## ${escapeMarkdown(rows.title)}\n\n`);
  await sink.write(line(columns.map(({ title, key }) => escapeMarkdown(title ?? key.replaceAll('_', ' ')))));
  await sink.write(line(columns.map(({ align }) => (align === 'right' ? '---:' : '---'))));
  let batch: string[] = [];
  for await (const row of rows.rows) {
    if (sink.closed) return;
    batch.push(line(columns.map((column) => escapeMarkdown(shownCell(column, row, rows.timezone)))));
    if (batch.length < batchSize) continue;
    await sink.write(batch.join(''));
    batch = [];
  }
  await sink.write(batch.join(''));
  if (rows.footer?.length)
    await sink.write(`\n${rows.footer.map((text) => escapeMarkdown(oneLine(text))).join('  \n')}\n`);
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\|`*_<>[\]]/g, (sign) => `\\${sign}`);
}
