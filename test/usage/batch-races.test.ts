import { expect, test } from 'vitest';
import { parseDatabaseUrl } from '../../src/database/address.ts';
import { connectTo } from '../../src/database/connect.ts';
import { testDatabase } from '../support/database.ts';
import { customer, lay, plan, record, subscribe } from './world.ts';

const { sql, url } = await testDatabase();
const now = '2026-03-10T12:00:00Z';

test('single calls and batches in any order at once: no deadlock, every use counts once', async () => {
  await lay(sql, { searches: { kinds: ['search'] } });
  await plan(sql, 'pro', { limits: { searches: { month: [25, 'soft'] } } });
  const ids = await Promise.all(
    Array.from({ length: 8 }, async (_, n) => {
      await customer(sql, `race${n}`);
      await subscribe(sql, `race${n}`, 'pro', { at: '2026-03-01T00:00:00Z' });
      return `race${n}`;
    }),
  );
  const pool = connectTo(parseDatabaseUrl(url), 12);
  const shuffled = (round: number) => ids.map((_, n) => ids[(n * (round % 2 ? 3 : 5) + round) % 8]!);
  const work = async (n: number) => {
    for (let round = 0; round < 4; round++) {
      const uses = shuffled(n + round).map((who, at) => ({
        ...{ customer: who, kind: 'search', quantity: '1' },
        key: `${at % 2 ? 'shared' : n}-${round}-${at}`,
      }));
      if (n % 3) await pool`select subctl.record_usage_many(${pool.json(uses)}, ${now})`;
      else for (const each of uses) await record(pool, { ...each, as_of: now });
    }
  };
  await Promise.all(Array.from({ length: 24 }, (_, n) => work(n)));
  await pool.end();
  expect(
    await sql`
      select e.customer_id from subctl.usage_events e full join subctl.usage_keys k on k.customer_id = e.customer_id and k.event_id = e.id
       where coalesce(e.customer_id, k.customer_id) like 'race%' and (e.id is null or k.key is null)`,
  ).toEqual([]);
  const wrong = await sql`
    select w.customer_id, w.meter_id, w.used, e.n from subctl.window_usage w
      join (select customer_id, count(*) as n from subctl.usage_events group by 1) e on e.customer_id = w.customer_id
     where w.customer_id like 'race%' and w.meter_id = 'searches' and w.used <> e.n`;
  expect(wrong).toEqual([]);
});
