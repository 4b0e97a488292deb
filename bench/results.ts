import { writeFileSync } from 'node:fs';
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

/** Writes all figures, one table a section, with what they were measured on. */
export function writeResults(
  file: string,
  figures: readonly Figure[],
  notes: readonly string[],
  options: Options,
): void {
  const sections = [...new Set(figures.map(({ section }) => section))];
  const [cpu] = os.cpus();
  const { seconds, repeat, rows, customers } = options;
  const text = [
    '# Measured by `npm run bench`',
    '',
    `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC · node ${process.version} · ${os.cpus().length} × ${cpu?.model ?? 'unknown'} · load ${os.loadavg().map(digits).join(' ')} at the end`,
    '',
    `Ratios of runs that took turns, the median of ${repeat}; ${seconds} s each where it is a rate, over ${digits(customers)} customers; tasks over ${digits(rows)} subscriptions. The server is the embedded PostgreSQL, as \`subctl setup\` makes it, fsync on. Other programs on the machine move both sides of a ratio: read the ratios, not the rates.`,
    ...sections.flatMap((section) => [
      '',
      `## ${section}`,
      '',
      '| | measured | next to | ratio | target | met |',
      '| --- | --- | --- | --- | --- | --- |',
      ...figures.filter((figure) => figure.section === section).map(line),
    ]),
    ...(notes.length > 0 ? ['', '## Notes', '', ...notes.map((note) => `- ${note}`)] : []),
    '',
  ];
  writeFileSync(file, text.join('\n'));
}
