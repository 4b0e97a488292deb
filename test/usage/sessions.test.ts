import { beforeAll, expect, test } from 'vitest';
import { programOn } from '../support/program.ts';
import { testDatabase } from '../support/database.ts';
import { customer, lay, plan, record, subscribe } from './world.ts';

const { sql, env } = await testDatabase();
const { json, say } = programOn(env);
const use = (at: string, facts: object) =>
  record(sql, { customer: 'ann', as_of: at, cost: '0.25', ...facts });

beforeAll(async () => {
  await lay(sql);
  await plan(sql, 'any');
  for (const who of ['ann', 'bob']) await customer(sql, who);
  await subscribe(sql, 'ann', 'any', { at: '2026-01-01T00:00:00Z' });
  await use('2026-01-05T12:00:00Z', { session: 'one', input_tokens: 100 });
  await use('2026-01-05T13:00:00Z', { session: 'two', input_tokens: 7 });
  await use('2026-01-06T12:00:00Z', { session: 'one', input_tokens: 20, output_tokens: 3 });
  await use('2026-01-06T12:00:00Z', { input_tokens: 1000 });
});

test('U14: the totals of each session, the latest first', async () => {
  expect(await json('usage sessions ann')).toEqual([
    {
      ...{ session: 'one', uses: 2, tokens: '123', cost: '0.5' },
      ...{ first_at: '2026-01-05T12:00:00.000Z', last_at: '2026-01-06T12:00:00.000Z' },
    },
    {
      ...{ session: 'two', uses: 1, tokens: '7', cost: '0.25' },
      ...{ first_at: '2026-01-05T13:00:00.000Z', last_at: '2026-01-05T13:00:00.000Z' },
    },
  ]);
});

test('U14 R1: a span is from its start to before its end', async () => {
  expect(
    await json('usage sessions ann --from 2026-01-05T12:00:00Z --to 2026-01-05T13:00:00Z'),
  ).toMatchObject([{ session: 'one', uses: 1, tokens: '100' }]);
});

test('U14: nobody’s sessions are none, and nobody is not found', async () => {
  expect((await say('usage sessions bob')).stdout).toContain('bob has no usage events with a session.');
  expect((await say('usage sessions cid')).code).toBe(3);
});
