import { expect, it } from 'vitest';
import { drawTable } from '../../src/terminal/formats/table.ts';

const options = { header: true, width: 60, colours: 0 as const };
const wide = {
  columns: [
    { key: 'customer' },
    { key: 'plan' },
    { key: 'used', align: 'right' as const },
    { key: 'note' },
    { key: 'since', optional: true },
    { key: 'ends', optional: true },
  ],
  rows: [
    {
      customer: 'a-rather-long-customer-id-0001',
      plan: 'pro',
      used: '1234567.50',
      note: 'moved here from the old system in March',
      since: new Date('2026-01-31T12:00:00Z'),
      ends: new Date('2026-02-28T12:00:00Z'),
    },
  ],
};

it('leaves optional columns out first, the last one first, and names them', async () => {
  const { text, dropped } = await drawTable(wide, { ...options, width: 110 });
  expect(dropped).toEqual(['ends']);
  expect(text).toContain('2026-01-31 12:00Z');
});

it('of the optional columns those go first in which nothing stands', async () => {
  const rows = wide.rows.map((row) => ({ ...row, since: null }));
  const { text, dropped } = await drawTable({ ...wide, rows }, { ...options, width: 110 });
  expect(dropped).toEqual(['since']);
  expect(text).toContain('2026-02-28 12:00Z');
});

it('then folds long text over several lines, and never cuts a number', async () => {
  const { text, dropped } = await drawTable(wide, options);
  expect(dropped).toEqual(['since', 'ends']);
  expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(60);
  expect(text).toContain('1234567.50');
  expect(text.replace(/\s/g, '')).not.toContain('…');
});

it('folds between words, and cuts only a word that is longer than its column', async () => {
  const columns = [{ key: 'id' }, { key: 'price' }];
  const price = '199.00 USD / 30d, 1990.00 USD / 365d';
  const { text } = await drawTable({ columns, rows: [{ id: 'x', price }] }, { ...options, width: 23 });
  expect(text).toBe('id  price\nx   199.00 USD / 30d,\n    1990.00 USD / 365d\n');
  const long = await drawTable(
    { columns, rows: [{ id: 'x', price: 'a'.repeat(30) }] },
    { ...options, width: 23 },
  );
  expect(long.text.replace(/\s/g, '')).toContain('a'.repeat(30));
});

it('folds between the parts of a name before it cuts one, and other columns between words before that', async () => {
  const columns = [{ key: 'meter' }, { key: 'about' }];
  const rows = [{ meter: 'calls.anthropic', about: 'what is called there' }];
  const narrow = async (width: number) => (await drawTable({ columns, rows }, { ...options, width })).text;
  expect(await narrow(28)).toBe(
    'meter            about\ncalls.anthropic  what is\n                 called\n                 there\n',
  );
  expect(await narrow(20)).toBe(
    'meter       about\ncalls.      what is\nanthropic   called\n            there\n',
  );
});

it('counts East Asian signs as two places', async () => {
  const { text } = await drawTable(
    {
      columns: [{ key: 'a' }, { key: 'b' }],
      rows: [
        { a: '東京', b: 'x' },
        { a: 'abcd', b: 'y' },
      ],
    },
    options,
  );
  expect(text).toBe('a     b\n東京  x\nabcd  y\n');
});

it('signs that cli-table3 counts otherwise are neither cut nor moved', async () => {
  const rows = ['ไม่มี', 'हिन्दी', '東京', '☕', 'abc'].map((a) => ({ a, b: 'x' }));
  const { text } = await drawTable({ columns: [{ key: 'a' }, { key: 'b' }], rows }, options);
  expect(text).toBe('a      b\nไม่มี    x\nहिन्दी  x\n東京   x\n☕      x\nabc    x\n');
});

it('says so when there are no rows', async () => {
  expect(
    (await drawTable({ columns: wide.columns, rows: [], empty: 'No customers yet.' }, options)).text,
  ).toBe('No customers yet.\n');
});

it('a million columns of room change nothing', async () => {
  expect((await drawTable(wide, { ...options, width: 1_000_000 })).dropped).toEqual([]);
});
