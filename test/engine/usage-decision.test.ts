import { expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { call, measure, request, standing, tally, verdict } from './steps.ts';

const { sql } = await testDatabase();

interface Given {
  asked?: object;
  measured?: object;
  counts?: object[];
  said?: object;
}

const decide = async ({
  asked = {},
  measured = {},
  counts = [{ used: 4, asked: 2 }],
  said = {},
}: Given = {}) =>
  JSON.parse(
    await call<string>(
      sql,
      'usage_decision',
      request(asked),
      standing(),
      measure({ cost: null, ...measured }),
      tally({ counts }),
      verdict(said),
    ),
  ) as Record<string, unknown>;

test('a use says all of it, and its limits after it', async () => {
  expect(await decide({ measured: { cost: '0.1230' }, said: { alerts: ['{"threshold": "50"}'] } })).toEqual({
    allowed: true,
    customer: 'ann',
    kind: 'llm',
    at: '2026-03-10T12:00:00.000Z',
    event_id: '019cd79e-4600-7000-8000-000000000001',
    replayed: false,
    unpriced: false,
    reason: null,
    cost: '0.123',
    credits: null,
    alerts: [{ threshold: '50' }],
    limits: [
      {
        meter: 'messages',
        window: 'month',
        scope: 'customer',
        used: '6',
        limit: '10',
        percent: '60',
        remaining: '4',
        window_start: '2026-03-01T00:00:00.000Z',
        resets_at: '2026-04-01T00:00:00.000Z',
      },
    ],
  });
});

test.each<[string, Given, object]>([
  ['a check has no event', { asked: { mode: 'check' } }, { event_id: null, limits: [{ used: '6' }] }],
  [
    'a check of all shows limits before it',
    { asked: { mode: 'check_all' } },
    { event_id: null, limits: [{ used: '4' }] },
  ],
  ['overage is said where there is some', { said: { is_overage: true } }, { overage: true }],
  ['so is what is estimated', { measured: { is_estimated: true } }, { estimated: true }],
  ['and what has no price', { measured: { is_unpriced: true } }, { unpriced: true }],
  [
    'R12: a part says what was asked and what was taken',
    { measured: { quantity: '2.50' }, said: { asked: '7.0' } },
    { partial: true, asked: '7', quantity: '2.5' },
  ],
  [
    'credits are those used, and the balance after them',
    { said: { credits: '6.00', balance: 4 } },
    { credits: { used: '6', balance: '4' } },
  ],
  [
    'R11: what others hold is said beside the balance',
    { said: { credits: 1, balance: 9, held_credits: 3 } },
    { credits: { used: '1', balance: '9', held: '3', available: '6' } },
  ],
  [
    'R11: a reservation uses nothing, and says what it holds',
    {
      asked: { mode: 'reserve' },
      measured: { quantity: 2, is_estimated: true },
      counts: [
        { used: 4, asked: 2, held: 1 },
        { meter: 'calls', used: 0, asked: 0 },
      ],
      said: { credits: 3, balance: 5, held_credits: 2 },
    },
    {
      event_id: null,
      holds: { meters: { messages: 2 }, credits: 3, quantity: 2, estimated: true },
      credits: { held: '5', balance: '8', available: '3' },
      limits: [{ meter: 'messages', used: '4', held: '3', available: '3' }, { meter: 'calls' }],
    },
  ],
])('%s', async (_, given, says) => {
  expect(await decide(given)).toMatchObject(says);
});

test('what is not so is not said, and texts of others are quoted', async () => {
  const names = { asked: { customer: 'a "b"\n' }, measured: { kind: 'say "x"' } };
  const answer = await decide(names);
  expect(answer).toMatchObject({ customer: 'a "b"\n', kind: 'say "x"' });
  for (const key of ['overage', 'estimated', 'partial', 'asked', 'quantity', 'holds'])
    expect(answer).not.toHaveProperty(key);
});
