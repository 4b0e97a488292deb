import { beforeAll, expect, test } from 'vitest';
import { programOn } from '../support/program.ts';
import { testDatabase } from '../support/database.ts';
import { customer, lay, plan, record, subscribe } from '../usage/world.ts';

const { sql, env } = await testDatabase();
const { json, say } = programOn(env);
const january = 'usage-report providers --from 2026-01-01 --to 2026-02-01 --as-of 2026-02-01T00:00:00Z';

const call = (at: string, facts: object) =>
  record(sql, { customer: 'ann', as_of: at, cost: '0.01', ...facts });

beforeAll(async () => {
  await lay(sql);
  await plan(sql, 'any');
  await customer(sql, 'ann');
  await subscribe(sql, 'ann', 'any', { at: '2026-01-01T00:00:00Z' });
  const noon = '2026-01-05T12:00:00Z';
  for (let n = 0; n < 9; n++) await call(noon, { provider: 'gemini', input_tokens: 10, latency_ms: 2000 });
  await call(noon, { provider: 'gemini', input_tokens: 10, latency_ms: 4000 });
  for (let n = 0; n < 200; n++) await call(noon, { provider: 'openai', status: n < 5 ? 'error' : 'ok' });
  await call(noon, {});
  await call('2026-02-01T00:00:00Z', { provider: 'gemini' });
});

test('T9 U7 G39 defects 51, 56: means and rates are of counts: 2.2 s of ten calls, 5 errors in 200 are 2.5 %', async () => {
  expect(await json(january)).toEqual([
    {
      ...{ provider: 'openai', calls: 200, tokens: '0', cost: '2' },
      ...{ mean_latency_ms: null, errors: 5, error_percent: '2.5' },
    },
    {
      ...{ provider: 'gemini', calls: 10, tokens: '100', cost: '0.1' },
      ...{ mean_latency_ms: '2200', errors: 0, error_percent: '0' },
    },
  ]);
});

test('T9: people see a table and its span', async () => {
  const { stdout } = await say(january);
  expect(stdout).toContain('errors %');
  expect(stdout).toContain('2026-02-01');
});

test('T9: a use that was taken back is no call, and a span without calls says so', async () => {
  const [one] = await sql<{ id: string }[]>`
    select id from subctl.usage_events where provider = 'openai' and status = 'error' order by id limit 1`;
  await sql`select subctl.reverse_usage(customer => 'ann', event => ${one!.id}, as_of => '2026-02-02T00:00:00Z', reason => 'test', change => null)`;
  expect(await json(january)).toMatchObject([{ calls: 199, errors: 4, cost: '1.99' }, {}]);
  expect((await say('usage-report providers --from 2025-01-01 --to 2025-02-01')).stdout).toContain(
    'No provider calls',
  );
});
