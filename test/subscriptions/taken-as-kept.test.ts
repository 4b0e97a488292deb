import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { addMember } from '../../src/customers/add-member.ts';
import { cancelSubscription } from '../../src/subscriptions/cancel.ts';
import { failedChecks } from '../integrity/failed-checks.ts';
import { runTasks } from '../stories/lives.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, assign } from '../support/plans.ts';

const { sql } = await testDatabase();
const begin = Date.parse('2026-03-05T09:30:00Z');
const hour = 3_600_000;
const intervals = { '1d': 24, '1w': 168, '2w': 336, '30d': 720, '1mo': 744, '1y': 8760 } as const;
type Every = keyof typeof intervals;
const rhythms = [null, '1d', '10d', '1mo'] as const;
let count = 0;

beforeAll(async () => {
  await sql`insert into subctl.changes (id, at, actor, action) values ('test', '2025-01-01', 'tester', 'tasks')`;
  await sql`insert into subctl.kinds (id, canonical) values ('message', 'message'), ('image', 'image')`;
  await sql`insert into subctl.meters (id, name, kinds, tier) values ('messages', 'Messages', '{message}', 'paid'),
      ('free_messages', 'Free messages', '{message}', 'free')`;
  await sql`insert into subctl.models (provider, pattern, free_tier) values ('gratis', '*', true)`;
  await sql`insert into subctl.credit_costs (plan_id, kind, amount) values ('', 'image', 1)`;
  for (const every of Object.keys(intervals)) {
    for (const [n, rhythm] of rhythms.entries()) await layPlan(`p${every}_${n}`, every, rhythm);
  }
  await layPlan('other', '1w', null);
  await sql`select subctl_internal.compile_all()`;
});

async function layPlan(id: string, every: string, rhythm: string | null): Promise<void> {
  await sql`insert into subctl.plans (id, name, active, fallback, current_version, created_at) values (${id}, ${id}, true, 'none', 1, '2025-01-01')`;
  await sql`
    insert into subctl.plan_versions (plan_id, version, created_at, credits, credits_every, usage_on_change)
    values (${id}, 1, '2025-01-01', 10, ${rhythm}, 'carry')`;
  await sql`insert into subctl.plan_prices (plan_id, version, "interval", currency, amount) values (${id}, 1, ${every}, 'USD', null)`;
  await sql`
    insert into subctl.plan_limits (plan_id, version, meter_id, "window", scope, limit_value)
    select ${id}, 1, m, w, s, 20 from unnest(array['messages', 'free_messages']) m
     cross join unnest(array['hour', 'day', 'week_sunday', 'month', 'year', 'period', 'every_10d', 'rolling_72h', 'lifetime', 'session']) w
     cross join unnest(array['customer', 'member']) s where w <> 'session' or s = 'customer'`;
}

const moves = fc.record({
  every: fc.constantFrom(...(Object.keys(intervals) as Every[])),
  rhythm: fc.nat(rhythms.length - 1),
  tasks: fc.boolean(),
  between: fc.boolean(),
  parts: fc.uniqueArray(fc.integer({ min: 1, max: 999 }), { minLength: 8, maxLength: 16 }),
  kinds: fc.array(fc.constantFrom('message', 'image', 'free', 'member'), { minLength: 16, maxLength: 16 }),
  quantities: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 16, maxLength: 16 }),
});

const cancel = (customer: string, at: number) =>
  asTester(sql, (tx, change) => cancelSubscription(tx, change, { customer, atOnce: true }), new Date(at));

async function use(customer: string, what: string, at: Date, quantity: number): Promise<unknown> {
  const [{ done }] = await sql<[{ done: { allowed: boolean; quantity?: string } }]>`
    select subctl.record_usage(${customer}, ${what === 'image' ? 'image' : 'message'}, as_of => ${at}, quantity => ${quantity}, session => 's',
      provider => ${what === 'free' ? 'gratis' : null}, cost => 0, member => ${what === 'member' ? 'ann' : null}, partial => true) as done`;
  return done.allowed ? (done.quantity ?? quantity) : 0;
}

async function reading(customer: string, at: Date): Promise<unknown[]> {
  const limits = await sql`
    select meter_id, win, scope, subject, trim_scale(used)::text as used, window_start, window_end from subctl.usage_limits(${customer}, ${at})
     where win not like 'rolling%' order by 1, 2, 3, 4`;
  const [{ balance, cycle }] = await sql<[{ balance: string; cycle: Date }]>`
    select trim_scale(subctl_internal.credit_balance(${customer}, ${at}))::text as balance, e.period_end as cycle
      from subctl_internal.effective_subscription(${customer}, ${at}) e`;
  return [balance, cycle, ...limits];
}

it('B25: whoever cancels a free plan and takes it again has at each instant what those have who kept it, in any interval', async () => {
  await fc.assert(
    fc.asyncProperty(moves, async ({ every, rhythm, tasks, between, parts, kinds, quantities }) => {
      const plan = `p${every}_${rhythm}`;
      const people = [`kept-${(count += 1)}`, `again-${count}`] as const;
      const [kept, again] = people;
      for (const id of people) {
        await addOne(sql, { id, kind: 'group' }, new Date(begin - hour));
        const join = { customer: id, member: 'ann', role: 'member' } as const;
        await asTester(sql, (tx, change) => addMember(tx, change, join), new Date(begin - hour));
        await assign(sql, new Date(begin).toISOString(), { customer: id, plan });
      }
      const instants = parts
        .toSorted((a, b) => a - b)
        .map((part) => begin + Math.floor((part * intervals[every] * hour) / 1000));
      for (const [n, instant] of instants.entries()) {
        const at = new Date(instant);
        if (n % 4 === 2) {
          await cancel(again, instant);
          if (between) {
            await assign(sql, new Date(instant + 1000).toISOString(), { customer: again, plan: 'other' });
            await cancel(again, instant + 2000);
          }
        }
        if (tasks) await runTasks(sql, [kept, again], new Date(n % 4 === 2 ? instant + 3000 : instant));
        if (n % 4 === 2) continue;
        if (n % 4 === 3) await assign(sql, at.toISOString(), { customer: again, plan });
        const done = [];
        for (const id of people) done.push(await use(id, kinds[n]!, at, quantities[n]!));
        expect(done[1]).toEqual(done[0]);
        expect(await reading(again, at)).toEqual(await reading(kept, at));
      }
      const end = new Date(begin + intervals[every] * hour * 1.5);
      const last = instants.length % 4 === 3 ? [kept] : people;
      expect(await reading(last.at(-1)!, end)).toEqual(await reading(kept, end));
      await runTasks(sql, [kept, again], end);
      expect(await reading(last.at(-1)!, end)).toEqual(await reading(kept, end));
      expect(await failedChecks(sql, end)).toEqual([]);
    }),
    { seed: 20_261_130, numRuns: process.env['SUBCTL_LONG'] ? 150 : 8, endOnFailure: true },
  );
});
