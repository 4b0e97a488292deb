import { beforeAll, expect, it } from 'vitest';
import { programOn } from '../support/program.ts';
import { testDatabase } from '../support/database.ts';
import { customer, lay, plan, record, subscribe } from '../usage/world.ts';

const { sql, env } = await testDatabase();
const { say } = programOn(env, '.');
const top = async (by: string, from = '2026-12-01', to = '2027-01-01') =>
  (await say(`usage-report top --by ${by} --from ${from} --to ${to}`)).stdout;

beforeAll(async () => {
  await lay(sql);
  await plan(sql, 'open', {});
  await customer(sql, 'ann');
  await subscribe(sql, 'ann', 'open', { at: '2020-01-01T00:00:00Z' });
  for (let n = 0; n < 3; n++) await record(sql, { customer: 'ann', as_of: `2026-12-0${n + 1}T10:00:00Z` });
});

it('B34: with uses and no cost the sentence has the number of uses', async () => {
  expect(await top('cost')).toContain('No cost was recorded: 3 events, none of them priced. Try --by calls');
  expect(await top('credits')).toContain(
    'No credits were spent: 3 events, none of them with credits. Try --by calls',
  );
  expect(await top('images')).toContain(
    'Nothing was counted on images: 3 events, none of them on this meter',
  );
  expect(await top('cost', '2026-12-02', '2026-12-03')).toContain('No cost was recorded: 1 event, none');
});

it('B34: a span without uses says that, and one with uses that cost 0 says that', async () => {
  expect(await top('cost', '2026-10-01', '2026-11-01')).toContain('There are no events in this span.');
  await record(sql, { customer: 'ann', cost: '0', as_of: '2026-12-05T10:00:00Z' });
  expect(await top('cost')).toContain(
    'No cost was recorded: 4 events, 1 of them priced, at 0. Try --by calls',
  );
});
