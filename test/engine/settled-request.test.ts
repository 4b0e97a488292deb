import { expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { call, made } from './steps.ts';

const { sql } = await testDatabase();
const asked = {
  kind: 'llm',
  quantity: 2,
  provider: 'acme',
  model: 'm1',
  input_tokens: 10,
  cost: 3,
  member: 'eve',
  session: 's1',
};
const given = (values: object = {}) =>
  [
    'usage_request',
    made('usage_request', { quantity: null, kind: null, already_spent: true, ...values }),
  ] as const;
const settle = (values: object = {}, held: object = { quantity: 2 }) =>
  call(
    sql,
    'settled_request',
    [
      'reservations',
      { at: '2026-03-10T11:00:00Z', asked: { ...asked, hold: '00:15:00', partial: true }, held },
    ],
    given(values),
  );

test('what is not given is what was reserved, at the reservation’s time', async () => {
  expect(await settle()).toMatchObject({
    ...{ ...asked, at: '2026-03-10T11:00:00+00:00', already_spent: true, partial: false },
  });
});

test('R12: of what fitted in part that part was reserved', async () => {
  expect(await settle({}, { quantity: 1 })).toMatchObject({ quantity: 1 });
});

test.each([
  [
    'tokens count as given when any of them is',
    { output_tokens: 4 },
    { input_tokens: null, output_tokens: 4, cost: null },
  ],
  [
    'a cost that was reserved is not that of another amount',
    { quantity: 1 },
    { quantity: 1, cost: null, input_tokens: 10 },
  ],
  ['a cost that is given holds', { cost: 1 }, { cost: 1, input_tokens: 10 }],
  ['nothing of the caller changes who it was for', { member: 'mallory' }, { member: 'eve', session: 's1' }],
])('%s', async (_, values, settled) => {
  expect(await settle(values)).toMatchObject(settled);
});
