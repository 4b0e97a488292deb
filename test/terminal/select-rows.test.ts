import { describe, expect, it } from 'vitest';
import type { Row } from '../../src/terminal/outcome.ts';
import { parseFilter, parseSort, selectRows } from '../../src/terminal/select-rows.ts';

const rows: Row[] = [
  { id: 'a', used: '9', cost: '1.50', at: new Date('2026-01-02T00:00Z'), active: true, plan: 'pro' },
  {
    id: 'b',
    used: '10',
    cost: '0.000000000000000002',
    at: new Date('2026-01-01T00:00Z'),
    active: false,
    plan: null,
  },
  { id: 'c', used: '10', cost: '0.000000000000000001', at: null, active: true, plan: 'Pro plus' },
];
const columns = Object.keys(rows[0]!).map((key) => ({ key }));

async function* streamed() {
  yield* rows;
}

const ids = async (
  sort: string[],
  filter: string[],
  limit?: number,
  from: Iterable<Row> | AsyncIterable<Row> = rows,
) => {
  const selection = {
    sort: sort.map((one) => parseSort(one)),
    filter: filter.map((one) => parseFilter(one)),
    limit,
  };
  const found: unknown[] = [];
  for await (const row of selectRows({ columns, rows: from }, selection).rows) found.push(row['id']);
  return found.join('');
};

describe('--sort', () => {
  it.each([
    [['used'], 'abc', 'numbers by value, and the order of the list among equals'],
    [['used:desc'], 'bca', 'down'],
    [['used:desc', 'cost'], 'cba', 'by a second field; decimals are exact'],
    [['at'], 'bac', 'instants; what is missing is last'],
    [['at:desc'], 'abc', 'also when it goes down'],
    [['plan'], 'cab', 'text by code point'],
  ])('%j gives %s: %s', async (sort, expected) => {
    expect(await ids(sort, [])).toBe(expected);
  });
});

describe('--filter', () => {
  it.each([
    [['id=b'], 'b'],
    [['id!=b'], 'ac'],
    [['used=10.0'], 'bc'],
    [['used>9'], 'bc'],
    [['used<10'], 'a'],
    [['cost>=0.000000000000000002'], 'ab'],
    [['cost<=0.000000000000000001'], 'c'],
    [['at>=2026-01-02'], 'a'],
    [['at='], 'c'],
    [['at!='], 'ab'],
    [['active=true'], 'ac'],
    [['plan~PRO'], 'ac'],
    [['plan!~plus'], 'ab'],
    [['active=true', 'used=10'], 'c'],
  ])('%j leaves %s', async (filter, expected) => {
    expect(await ids([], filter)).toBe(expected);
  });
});

it('--limit counts what is left, and stops reading a stream', async () => {
  expect(await ids(['used:desc'], ['active=true'], 1)).toBe('c');
  expect(await ids([], [], 2, streamed())).toBe('ab');
  expect(await ids([], ['used=10'], 1, streamed())).toBe('b');
});

it('a field that is not there is refused, with the nearest', () => {
  const select = () => selectRows({ columns, rows }, { filter: [parseFilter('usd=1')] });
  expect(select).toThrow(
    expect.objectContaining({ kind: 'usage', message: "There is no field 'usd', did you mean used?" }),
  );
});

it.each(['', 'a:up', 'a b', ':desc'])('refuses --sort %j', (text) => {
  expect(() => parseSort(text)).toThrow(`The --sort '${text}' is not`);
});

it.each(['', 'id', '=1', 'a b=1'])('refuses --filter %j', (text) => {
  expect(() => parseFilter(text)).toThrow(`The --filter '${text}' is not FIELD=VALUE`);
});
