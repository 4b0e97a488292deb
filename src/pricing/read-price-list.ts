import Big from 'big.js';
import { parseAmount } from '../domain/amounts.ts';
import { Failure } from '../domain/failure.ts';
import { parseInstant } from '../domain/instants.ts';
import { recordsOf } from '../files/read-records.ts';
import { parseComponent } from './components.ts';
import { type PriceRow, keyOf } from './price-row.ts';

const columns = [
  'provider',
  'model',
  'kind',
  'unit',
  'price_usd',
  'per',
  'effective_from',
  'source',
] as const;
type Line = Record<(typeof columns)[number] | 'above', string>;

/**
 * Reads a price list (CSV with provider, model, kind, unit, price_usd, per, effective_from, source and optionally above). A date is its
 * midnight in UTC; lines with `above` become tiers of the line without.
 * @throws Failure usage that names the line, the value and what is accepted
 */
export function readPriceList(text: string, file: string): PriceRow[] {
  const rows = new Map<string, PriceRow & { line: number }>();
  const tiers: (PriceRow & { line: number; above: string })[] = [];
  for (const { record, line } of readLines(text, file)) {
    const row = { ...readRow(record, `${file}:${line}`), line };
    if (record.above) {
      tiers.push({ ...row, above: amountOf(record.above, `${file}:${line}`, 'above') });
      continue;
    }
    const key = `${row.source} ${keyOf(row)}`;
    const twin = rows.get(key);
    if (twin && !(new Big(twin.amount).eq(row.amount) && new Big(twin.per).eq(row.per)))
      throw refused(`${file}:${line}`, `has the same key as line ${twin.line} and another price`);
    if (!twin) rows.set(key, row);
  }
  for (const { above, ...tier } of tiers) {
    const row = rows.get(`${tier.source} ${keyOf(tier)}`);
    if (!row)
      throw refused(
        `${file}:${tier.line}`,
        `has a price above ${above} tokens, and no line has the price below`,
      );
    row.tiers.push({ above, amount: tier.amount, per: tier.per });
    row.tiers.sort((one, other) => new Big(one.above).cmp(other.above));
  }
  return [...rows.values()].map(({ line: _, ...row }) => row);
}

function readLines(text: string, file: string): { record: Line; line: number }[] {
  const hint = `A price list has the columns ${columns.join(',')}[,above]`;
  const [first, ...records] = recordsOf(text, file);
  const names = first?.cells ?? [];
  const missing = columns.filter((column) => !names.includes(column));
  if (missing.length > 0)
    throw refused(file, `lacks ${first ? `the column ${missing.join(', ')}` : 'lines'}`, hint);
  return records.map(({ cells, line, fault }) => {
    if (fault) throw refused(`${file}:${line}`, `cannot be read: ${fault}`);
    if (cells.length !== names.length)
      throw refused(`${file}:${line}`, `has ${cells.length} cells and the first line ${names.length}`, hint);
    return { record: Object.fromEntries(names.map((name, at) => [name, cells[at]!])) as Line, line };
  });
}

function readRow(record: Line, at: string): PriceRow {
  for (const column of columns) if (record[column] === '') throw refused(at, `has no ${column}`);
  const component = parseComponent(record.kind, `${at} has the kind`);
  const per = amountOf(record.per, at, 'per');
  if (new Big(per).eq(0)) throw refused(at, 'has a price per 0');
  return {
    provider: record.provider,
    model: record.model,
    component,
    unit: record.unit,
    amount: amountOf(record.price_usd, at, 'price_usd'),
    per,
    tiers: [],
    effectiveFrom: parseInstant(record.effective_from, `${at} effective_from`),
    source: record.source,
  };
}

function amountOf(text: string, at: string, name: string): string {
  return parseAmount(text, { name: `${at} ${name}`, min: '0' });
}

function refused(at: string, why: string, hint?: string): Failure {
  return new Failure('usage', `${at} ${why}`, { hint });
}
