import { oneLine } from '../../domain/plain-text.ts';
import type { Rows } from '../rows.ts';
import type { Chart, Column, Row } from '../outcome.ts';
import type { Sink } from '../sink.ts';
import { shownCell } from '../values.ts';

/**
 * One HTML file that asks for nothing from anywhere and runs no script: tables with captions, headings and print style. The file has the
 * title of its first table unless `title` says another.
 */
export async function writeHtml(
  sink: Sink,
  parts: readonly (Rows | { title?: string; charts: readonly Chart[] })[],
  title = parts[0]?.title,
): Promise<void> {
  await sink.write(before(escapeHtml(title ?? 'subctl')));
  if (parts.length > 1 && title) await sink.write(`<h1>${escapeHtml(title)}</h1>\n`);
  for (const part of parts)
    await ('charts' in part ? writeCharts(sink, part.charts) : writeTable(sink, part, parts.length === 1));
  await sink.write('</body>\n</html>\n');
}

/** The library that draws is large, and loaded for a page that has something to draw. */
async function writeCharts(sink: Sink, charts: readonly Chart[]): Promise<void> {
  if (charts.length === 0) return;
  const { drawChart } = await import('./charts.ts');
  const figures = charts.map(
    (chart) => `<figure><figcaption>${escapeHtml(chart.title)}</figcaption>${drawChart(chart)}</figure>\n`,
  );
  await sink.write(`<div class="charts">\n${figures.join('')}</div>\n`);
}

async function writeTable(sink: Sink, rows: Rows, counted: boolean): Promise<void> {
  const columns = rows.columns.filter(({ hidden }) => !hidden);
  const caption = rows.title ? `<caption>${escapeHtml(rows.title)}</caption>\n` : '';
  const named = columns.some((column) => column.title !== '');
  const headings = headingsOf(columns);
  await sink.write(`<table>\n${caption}`);
  let count = 0;
  for await (const row of rows.rows) {
    if (count++ === 0) await sink.write(`${named ? headings : ''}<tbody>\n`);
    await sink.write(`<tr>${columns.map((column) => cell(column, row, rows.timezone)).join('')}</tr>\n`);
  }
  if (count === 0) await sink.write(`${named && !rows.empty ? headings : ''}<tbody>\n`);
  await sink.write(`</tbody>\n</table>\n${footerOf(rows, count, counted && named)}`);
}

function headingsOf(columns: readonly Column[]): string {
  const heads = columns.map(
    (column) =>
      `<th scope="col"${sideOf(column)}>${escapeHtml(column.title ?? column.key.replaceAll('_', ' '))}</th>`,
  );
  return `<thead><tr>${heads.join('')}</tr></thead>\n`;
}

/** What stands below a table: what it says when it is empty, its own footer, and how many rows it has. */
function footerOf({ empty, footer = [] }: Rows, count: number, isCounted: boolean): string {
  const none = count === 0 && empty ? [empty] : [];
  const counted = isCounted && none.length === 0 ? [`${count} ${count === 1 ? 'row' : 'rows'}`] : [];
  const lines = [...none, ...footer.map(oneLine), ...counted];
  return lines.length > 0 ? `<footer>${lines.map(escapeHtml).join('<br>')}</footer>\n` : '<br>\n';
}

function cell(column: Column, row: Row, timezone: string | undefined): string {
  const value = row[column.key];
  const text = escapeHtml(shownCell(column, row, timezone));
  const inside = value instanceof Date ? `<time datetime="${value.toISOString()}">${text}</time>` : text;
  return `<td${sideOf(column)}>${inside}</td>`;
}

function sideOf({ align }: Column): string {
  return align === 'right' ? ' class="n"' : '';
}

/** Text that is safe inside elements and attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function before(title: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { margin: 2rem; }
:root { --ink: #2563a8; }
@media (prefers-color-scheme: dark) { :root { --ink: #7fb3ee; } }
table { border-collapse: collapse; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(26rem, 100%), 1fr)); gap: 1.5rem 2rem; margin: 0 0 2rem; }
figure { margin: 0; max-width: 40rem; }
figure svg { width: 100%; height: auto; }
figcaption { font-weight: 600; }
caption { text-align: left; font-size: 1.3rem; font-weight: 600; padding-bottom: 0.6rem; }
th, td { text-align: left; padding: 0.25rem 1rem 0.25rem 0; border-bottom: 1px solid #8884; vertical-align: top; }
.n { text-align: right; font-variant-numeric: tabular-nums; }
h1 { font-size: 1.6rem; margin: 0 0 1rem; }
footer { margin: 1rem 0 2rem; opacity: 0.7; }
@media print { body { margin: 0; } thead { display: table-header-group; } tr { break-inside: avoid; } }
</style>
</head>
<body>
`;
}
