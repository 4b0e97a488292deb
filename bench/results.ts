import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';

/** One line of the results: what was measured, next to what, and what it should be. */
export interface Figure {
  section: string;
  what: string;
  /** with its unit */
  measured: string;
  baseline: string;
  ratio?: number;
  target?: { at: 'most' | 'least'; ratio: number } | { says: string; met: boolean };
}

export interface Options {
  seconds: number;
  repeat: number;
  rows: number;
  customers: number;
}

/** The middle one of an odd number of values. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** Digits that a person reads: 12,345 or 12.3 or 0.123. */
export function digits(value: number): string {
  const most = value >= 100 ? 0 : value >= 10 ? 1 : value >= 0.1 ? 2 : 4;
  return value.toLocaleString('en-GB', { maximumFractionDigits: most });
}

export function isMet({ ratio, target }: Figure): boolean | undefined {
  if (!target) return undefined;
  if ('met' in target) return target.met;
  if (ratio === undefined) return undefined;
  return target.at === 'most' ? ratio <= target.ratio : ratio >= target.ratio;
}

export function line(figure: Figure): string {
  const { what, measured, baseline, ratio, target } = figure;
  const wanted = !target
    ? ''
    : 'says' in target
      ? target.says
      : `${target.at === 'most' ? '≤' : '≥'} ${target.ratio}`;
  const met = { true: 'yes', false: '**no**', undefined: '' }[String(isMet(figure)) as 'true'];
  const cells = [what, measured, baseline, ratio === undefined ? '' : ratio.toFixed(2), wanted, met];
  return `| ${cells.join(' | ')} |`;
}

const head = '| | measured | next to | ratio | target | met |\n| --- | --- | --- | --- | --- | --- |';

/** Writes the sections that were measured into the file, each with what it was measured on; the others stay as they are. */
export function writeResults(
  file: string,
  figures: readonly Figure[],
  notes: readonly string[],
  { options, postgres }: { options: Options; postgres: string },
): void {
  const { seconds, repeat, rows, customers } = options;
  const [cpu] = os.cpus();
  const on = `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC · ${postgres} · node ${process.version} · ${os.cpus().length} × ${cpu?.model ?? 'unknown'} · load ${os.loadavg().map(digits).join(' ')} at the end · ${repeat} × ${seconds} s, ${digits(customers)} customers, ${digits(rows)} rows`;
  const sections = sectionsOf(existsSync(file) ? readFileSync(file, 'utf8') : '');
  for (const section of new Set(figures.map((figure) => figure.section))) {
    const lines = figures.filter((figure) => figure.section === section).map(line);
    sections.set(section, [on, '', head, ...lines].join('\n'));
  }
  if (notes.length > 0) sections.set('Notes', notes.map((note) => `- ${note}`).join('\n'));
  const text = inOrder([...sections.keys()]).map((name) => `## ${name}\n\n${sections.get(name)!}\n`);
  writeFileSync(file, [about, ...text].join('\n'));
}

/** Sections of another server, such as `Batches, PostgreSQL 15`, stand after those of the embedded one. */
function inOrder(names: readonly string[]): string[] {
  const first = names.filter((name) => !names.includes(partOf(name)) || partOf(name) === name);
  return first.flatMap((name) => [
    name,
    ...names.filter((other) => other !== name && partOf(other) === name),
  ]);
}

const partOf = (section: string) => section.replace(/, PostgreSQL \d+$/, '');

const about = `# Measured by \`npm run bench\`

Ratios of runs that took turns, the median of several; each section says when and on what it was measured. The server is the embedded PostgreSQL, as \`subctl setup\` makes it, fsync on, where nothing else is said. Other programs on the machine move both sides of a ratio: read the ratios and the instructions, not the rates.
`;

function sectionsOf(text: string): Map<string, string> {
  return new Map(
    text
      .split(/^## /m)
      .slice(1)
      .map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n')).trim()] as const),
  );
}

/** Puts every line of the results that has a target into the table of a page, between its two marks. */
export function writeTargets(results: string, page: string): void {
  const lines = [...sectionsOf(readFileSync(results, 'utf8'))].flatMap(([section, body]) =>
    body
      .split('\n')
      .filter((row) => /^\| (?!---)/.test(row))
      .map((row) => row.slice(2, -2).split(' | '))
      .filter((cells) => cells.length === 6 && cells[4]!.trim() !== '' && cells[4] !== 'target')
      .map(
        ([what, measured, base, ratio, target, met]) =>
          `| ${section}: ${what} | ${measured} | ${base} | ${ratio} | ${target} | ${met} |`,
      ),
  );
  const text = readFileSync(page, 'utf8');
  const table = [
    '| | reached | next to | ratio | target | met |',
    '| --- | --- | --- | --- | --- | --- |',
    ...lines,
  ];
  writeFileSync(
    page,
    text.replace(
      /(<!-- targets -->\n)[\s\S]*?(\n<!-- \/targets -->)/,
      (_, from: string, to: string) => `${from}\n${table.join('\n')}\n${to}`,
    ),
  );
}
