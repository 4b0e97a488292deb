import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readOpenWindows } from '../../src/reports/open-windows.ts';
import { countMonthly } from '../../src/reports/subscription-trends.ts';
import { calendarBuckets } from '../../src/usage/trend-buckets.ts';
import { customersOf, lifeOf, moveTo, runTasks } from '../stories/lives.ts';
import { prepare } from '../stories/plans.ts';
import { testDatabase } from '../support/database.ts';
import { listNearLimits, refusalsIn, subscriptionsOf, usedOfMeters } from './plain-readings.ts';

const day = 86_400_000;
const { sql } = await testDatabase();
await prepare(sql);
await sql`update subctl.plans set fallback = case id when 'brief' then 'none' when 'trial' then 'plan' else fallback end,
                 fallback_plan_id = case id when 'trial' then 'pro' end where id in ('brief', 'trial')`;
const runs = process.env['SUBCTL_LONG'] ? 60 : 6;
let count = 0;

/** What each customer has at an instant, asked for one by one. */
const oneByOne = (now: Date) => sql`
  select e.customer_id, e.subscription_id, e.plan_id, e.version, e.status, e.access, e.basis
    from subctl.customers c cross join lateral subctl_internal.standing(c.id, ${now}) e order by 1`;

async function compareAt(now: Date, timezone: string) {
  const span = { from: new Date(now.getTime() - 40 * day), to: now, timezone };
  const standings = await sql`select * from subctl_internal.standings(${now}) order by customer_id`;
  expect(standings).toEqual(await oneByOne(now));

  const windows = await readOpenWindows(sql, { now, span, near: 7 });
  expect(windows).toEqual({
    meters: [...(await usedOfMeters(sql, now))],
    refusals: await refusalsIn(sql, span.from, span.to),
    near_limits: [...(await listNearLimits(sql, { now, count: 7 }))],
  });

  const months = await calendarBuckets(sql, { timezone, now, by: 'month', count: 5 });
  for (const currency of ['USD', 'EUR'])
    expect(await countMonthly(sql, { months, now, currency })).toEqual(
      await subscriptionsOf(sql, { months, now, currency }),
    );
  return { standings, windows };
}

it('T2 T6: what reports read of all customers at once is what they read one by one, in the past, now and before tasks have run', async () => {
  const seen = { ended: 0, fallen: 0, full: 0 };
  const property = fc.asyncProperty(
    lifeOf(),
    fc.array(fc.integer({ min: -170 * 24, max: 40 * 24 }), { minLength: 4, maxLength: 4 }),
    fc.constantFrom('UTC', 'Europe/Berlin', 'Pacific/Apia'),
    fc.boolean(),
    async (moves, hours, timezone, tasksRun) => {
      const prefix = `s${(count += 1)}-`;
      for (const move of moves) await moveTo(sql, prefix, move);
      const now = new Date(moves.at(-1)!.at.getTime() + 3_600_000);
      const customers = customersOf(moves, prefix);
      // some come near a limit, the plan's or their own, and some are refused
      for (const customer of customers)
        for (const quantity of [2, 2, 1, 3])
          await sql`select subctl.record_usage(customer => ${customer}, kind => 'message', quantity => ${quantity}, as_of => ${now}, cost => 0)`;
      await sql`
        insert into subctl.limit_overrides (customer_id, meter_id, "window", scope, limit_value, starts_at, reason, actor)
        values (${customers[1]!}, 'messages', 'month', 'customer', 6, ${now}, 'test', 'tester')`;
      await sql`update subctl.customers set disabled_at = ${now} where id = ${customers[0]!}`;
      if (tasksRun) await runTasks(sql, customers, now);
      for (const at of [0, ...hours]) {
        const { standings, windows } = await compareAt(new Date(now.getTime() + at * 3_600_000), timezone);
        seen.ended += standings.filter(({ status }) => status === 'expired' || status === 'canceled').length;
        seen.fallen += standings.filter(({ basis }) => basis === 'fallback').length;
        seen.full += windows.near_limits.length;
      }
    },
  );
  await fc.assert(property, { seed: 29, numRuns: runs, endOnFailure: true });
  expect(
    Object.values(seen).every((n) => n > 10),
    JSON.stringify(seen),
  ).toBe(true);
});
