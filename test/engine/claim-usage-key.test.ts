import { beforeAll, beforeEach, expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { customer } from '../usage/world.ts';
import { call, request } from './steps.ts';

const { sql } = await testDatabase();
const at = '2026-03-10T12:00:00Z';
const first = '019cd79e-4600-7000-8000-000000000001';
const second = '019cd79e-4600-7000-8000-000000000002';
const claim = (asked: object, event = first) =>
  call<boolean>(
    sql,
    'claim_usage_key',
    request({ key: 'k', ...asked }),
    ['timestamptz', at],
    ['uuid', event],
  );
const keys = () => sql`select customer_id, key, event_id from subctl.usage_keys order by 1, 2`;

beforeAll(async () => {
  for (const who of ['ann', 'bob']) await customer(sql, who);
});
beforeEach(async () => void (await sql`delete from subctl.usage_keys`));

test.each([
  ['the same use again', {}],
  ['another use', { quantity: 2 }],
])('R15: a key stands for one use for ever: %s finds it taken', async (_, again) => {
  expect(await claim({})).toBe(true);
  expect(await claim(again, second)).toBe(false);
  expect(await keys()).toEqual([{ customer_id: 'ann', key: 'k', event_id: first }]);
});

test.each(['check', 'check_all'])('a %s only looks', async (mode) => {
  expect(await claim({ mode })).toBe(true);
  expect(await keys()).toEqual([]);
  await claim({});
  expect(await claim({ mode }, second)).toBe(false);
});

test('R15: keys of customers are their own', async () => {
  expect(await claim({})).toBe(true);
  expect(await claim({ customer: 'bob' }, second)).toBe(true);
});

test('R15: a refused use gives its key back, and no other', async () => {
  await claim({});
  await claim({ key: 'other' }, second);
  const release = (key: string, event: string) =>
    call(sql, 'release_usage_key', ['text', 'ann'], ['text', key], ['uuid', event]);
  await release('k', second); // not the event that has it
  expect(await keys()).toHaveLength(2);
  await release('k', first);
  expect(await keys()).toEqual([{ customer_id: 'ann', key: 'other', event_id: second }]);
  expect(await claim({}, second)).toBe(true);
});

test('R15: a key keeps what it stands for: numbers by value, and the texts of their own', async () => {
  const content = async (asked: object) => {
    await sql`delete from subctl.usage_keys`;
    await claim(asked);
    const [row] = await sql<[{ content: string }]>`select content from subctl.usage_keys`;
    return row.content;
  };
  const usual = await content({});
  expect(await content({ quantity: '1.000' })).toBe(usual);
  for (const other of [
    { quantity: 2 },
    { kind: 'image' },
    { model: 'm' },
    { member: 'eve' },
    { partial: true },
  ])
    expect(await content(other)).not.toBe(usual);
});
