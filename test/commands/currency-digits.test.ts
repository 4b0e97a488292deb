import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../support/commands.ts';
import { testDatabase } from '../support/database.ts';
import { programOn } from '../support/program.ts';

const { sql, env } = await testDatabase();
const { say, json } = programOn(env);

/** Digits after the point of the currencies of this world. */
const digits: Record<string, number> = { USD: 2, EUR: 2, JPY: 0, KWD: 3 };
/** Fields beside a currency that are no amounts of it, or exact costs: JSON has decimals as texts and counts as numbers. */
const others =
  /^(.*cost|before|after|quantity|tokens|share|.*_minor|.*_percent|overage_per|number|reference|refusals|credits_.*)$/;
/** Where all is text, as in CSV, the amounts are these. */
const amounts =
  /^(amount|base|discount|due|invoiced|margin|mrr|overage|overdue|paid|plans|price|refunded|refunds|revenue|total|unit_amount|(old|new)_price)$/;

const numbers: string[] = [];
beforeAll(async () => {
  for (const line of [
    'plans create free --name Free --price 1mo=0 --rank 0 --default',
    'plans create basic --price 1y=299.9 --price 1mo=30 --rank 1',
    'plans create pro --price 1y=1999.9 --price 1mo=49 --rank 2',
    'plans create yen --price 1mo=10000JPY --rank 3',
    'plans create dinar --price 1mo=19.5KWD --rank 4',
    'plans create gift --price 1mo=complimentary --rank 5',
    'discounts create TEN --amount 10 --currency USD',
    'discounts create HALF --percent 50',
    'customers add ann',
    'customers add jun --currency JPY',
    'customers add kim --currency KWD',
    'customers add bob',
    'assign ann basic --every 1y --as-of 2026-12-01',
    'assign jun yen --as-of 2026-12-01',
    'assign kim dinar --as-of 2026-12-01',
    'assign bob basic --every 1mo --discount TEN --as-of 2026-12-01',
  ])
    expect(await say(line), line).toMatchObject({ code: 0 });
  const rows = await sql<{ number: string; customer: string }[]>`
    select number, customer_id as customer from subctl.invoices order by customer_id`;
  numbers.push(...rows.map(({ number }) => number));
  for (const { number, customer } of rows) {
    const done = await say(`invoices pay ${number} --reference ${customer} --as-of 2026-12-01T01:00Z`);
    expect(done).toMatchObject({ code: 0 });
  }
  for (const line of [
    `invoices refund ${numbers[0]} --amount 100 --yes --as-of 2026-12-01T02:00Z`,
    'assign ann pro --every 1y --as-of 2026-12-02',
    'usage record ann --kind llm --cost 8.112474875 --already-spent --as-of 2026-12-03',
  ])
    expect(await say(line), line).toMatchObject({ code: 0 });
});

/** What is wrong with a text that people read. */
function faultsOfText(text: string): string[] {
  return [...text.matchAll(/(?<![\d.,])(-?[\d,]*\d(?:\.\d+)?) (USD|EUR|JPY|KWD)\b/g)]
    .filter(([, amount, currency]) => (amount!.split('.')[1] ?? '').length !== digits[currency!])
    .map(([all]) => all);
}

/** What is wrong with a value that programs read: amounts beside a currency, or in a part of what has one. */
function faultsOf(value: unknown, isAmount = (key: string) => !others.test(key), path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((each, at) => faultsOf(each, isAmount, `${path}[${at}]`));
  if (typeof value === 'string') return path.endsWith('.sentence') ? faultsOfText(value) : [];
  if (typeof value !== 'object' || value === null) return [];
  const { currency } = value as { currency?: string };
  return Object.entries(value).flatMap(([key, each]: [string, unknown]) => {
    const isDecimal = typeof each === 'string' && /^-?\d+(\.\d+)?$/.test(each);
    const scale = digits[currency ?? ''];
    if (isDecimal && isAmount(key) && scale !== undefined && (each.split('.')[1] ?? '').length !== scale)
      return [`${path}.${key}: ${each} ${currency}`];
    return faultsOf(each, isAmount, `${path}.${key}`);
  });
}

const span = '--from 2026-12-01 --to 2027-01-01';
const reads = () => [
  'plans list',
  'plans show basic',
  'plans show yen',
  'customers list',
  'customers show ann --as-of 2026-12-05',
  'customers show kim --as-of 2026-12-05',
  'discounts list',
  'subscriptions list --as-of 2026-12-05',
  'subscriptions show ann --as-of 2026-12-05',
  'subscriptions show jun --as-of 2026-12-05',
  'subscriptions history ann',
  'invoices list',
  ...numbers.map((number) => `invoices show ${number}`),
  'invoices history ann',
  'invoices history kim',
  'invoices export',
  'invoices preview jun --as-of 2026-12-05',
  'payments list',
  `usage-report revenue ${span}`,
  `usage-report costs --margin ${span}`,
  `usage-report costs ${span}`,
  'usage-report summary --as-of 2026-12-04',
  'usage-report dashboard --as-of 2026-12-04',
  'usage-report trends --as-of 2026-12-04',
  'usage-report plans --as-of 2026-12-04',
  'assign bob pro --every 1mo --dry-run --as-of 2026-12-05',
  'assign kim free --when now --dry-run --as-of 2026-12-05',
  'plans migrate basic --dry-run --as-of 2026-12-05',
  `invoices refund ${numbers[2]} --amount 1 --dry-run --as-of 2026-12-05`,
  'audit list',
  'jobs upcoming --as-of 2026-12-20 --within 30d',
  'handle-renewals --dry-run --as-of 2027-01-01',
];

describe('B26: money has the digits of its currency, in every format', () => {
  it('in tables, Markdown and HTML, in notes and sentences', async () => {
    const faults: string[] = [];
    for (const [n, line] of reads().entries())
      // every page as a table, each third in the other forms that people read
      for (const format of ['table', ...(n % 3 === 0 ? ['markdown', 'html'] : [])]) {
        const { stdout, stderr } = await say(`${line} --format ${format}`);
        faults.push(
          ...faultsOfText(`${stdout}\n${stderr}`).map((fault) => `${line} --format ${format}: ${fault}`),
        );
      }
    expect(faults).toEqual([]);
  });

  it('in JSON', async () => {
    const faults: string[] = [];
    for (const line of reads())
      faults.push(...faultsOf(await json<unknown>(line)).map((fault) => `${line}: ${fault}`));
    expect(faults).toEqual([]);
  });

  it('in CSV', async () => {
    const faults: string[] = [];
    for (const line of reads()) {
      const { stdout } = await say(`${line} --format csv`);
      const rows = parse(stdout, { columns: true, relax_column_count: true }) as unknown[];
      faults.push(...faultsOf(rows, (key) => amounts.test(key)).map((fault) => `${line}: ${fault}`));
    }
    expect(faults).toEqual([]);
  });

  it('thousands are apart for people alone, and points stand below each other', async () => {
    const { stdout } = await say('invoices list --fields number,total,currency');
    expect(stdout).toMatch(/ 10,000 +JPY/);
    const places = stdout
      .split('\n')
      .filter((line) => /(USD|KWD)/.test(line))
      .map((line) => line.lastIndexOf('.'));
    expect(new Set(places).size).toBe(1);
    expect((await say('invoices list --format csv --fields total,currency')).stdout).toContain('10000,JPY');
  });

  it('every command that lists money is among those that are read', () => {
    const names = commands.filter(({ rows }) => rows).map(({ path }) => path);
    for (const noun of ['plans', 'discounts', 'subscriptions', 'invoices', 'payments'])
      for (const path of names.filter((each) =>
        new RegExp(`^${noun} (list|show|history|export|preview)$`).test(each),
      ))
        expect(
          reads().some((line) => line.startsWith(path)),
          path,
        ).toBe(true);
  });
});
