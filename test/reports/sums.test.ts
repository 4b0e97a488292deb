import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Db } from '../../src/database/connect.ts';
import { listCosts } from '../../src/reports/cost-by.ts';
import { countPlans } from '../../src/reports/count-plans.ts';
import { findActiveCustomers, findSums } from '../../src/reports/event-sums.ts';
import { listMargins } from '../../src/reports/margin.ts';
import { summariseUsage } from '../../src/reports/summarise-usage.ts';
import { calendarBuckets } from '../../src/usage/trend-buckets.ts';
import { listTrends } from '../../src/reports/trends.ts';
import { listUnsummedMonths, sealMonth, sumMonth } from '../../src/tasks/sum-months.ts';
import { testDatabase } from '../support/database.ts';
import { addCustomer, sellPlans } from './fixture.ts';

const hour = 3_600_000;
const { sql } = await testDatabase();
const begin = Date.parse('2025-08-01T00:00:00Z');
const hours = 150 * 24;
const now = new Date(begin + hours * hour);
const later = new Date(now.getTime() + 60 * 24 * hour);
await sql`select subctl_internal.ensure_partitions('2025-09-01', 8)`;
await sellPlans(sql);
for (const id of ['ann', 'bob', 'cid'])
  await addCustomer(sql, id, { plan: 'pro', from: '2025-08-01T00:00:00Z' });

const at = fc.integer({ min: 0, max: hours * 60 - 1 }).map((n) => new Date(begin + n * 60_000));
const use = fc.record({
  at,
  customer: fc.constantFrom('ann', 'bob', 'cid'),
  kind: fc.constantFrom('llm', 'image'),
  provider: fc.constantFrom('one', 'two', null),
  model: fc.constantFrom('big', 'small', null),
  plan: fc.constantFrom('pro', 'free', null),
  tokens: fc.constantFrom(1, 12.5, null),
  cost: fc.constantFrom('0.25', '0.000001', '3', null),
  unpriced: fc.boolean(),
});
const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu');
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('use' as const),
      uses: fc.array(use, { minLength: 1, maxLength: 6 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('sum' as const),
      months: fc.integer({ min: 1, max: 6 }),
      halfway: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constantFrom('reverse' as const, 'price' as const, 'erase' as const),
      nth: fc.nat(40),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('zone' as const), zone }) },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant('truncate' as const), month: fc.integer({ min: 8, max: 9 }) }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
type Use = typeof use extends fc.Arbitrary<infer T> ? T : never;

const insert = (uses: readonly Use[]) => sql`
  insert into subctl.usage_events (customer_id, at, id, recorded_at, kind, quantity, provider, model, plan_id, tokens, cost, unpriced, tier)
  select r->>'customer', (r->>'at')::timestamptz, gen_random_uuid(), ${now}, r->>'kind', 1, r->>'provider', r->>'model', r->>'plan',
         (r->>'tokens')::numeric, (r->>'cost')::numeric, (r->>'unpriced')::boolean, 'paid'
    from json_array_elements(${JSON.stringify(uses)}::text::json) r`;
const nth = (n: number) => sql`
  (select customer_id, at, id from subctl.usage_events where reverses is null order by at, id offset ${n} limit 1)`;

async function take(one: Step): Promise<void> {
  if (one.what === 'use') await insert(one.uses);
  else if (one.what === 'zone')
    await sql`insert into subctl.settings (key, value) values ('timezone', to_jsonb(${one.zone}::text))
              on conflict (key) do update set value = excluded.value`;
  else if (one.what === 'truncate') await sql.unsafe(`truncate subctl.usage_events_2025_0${one.month}`);
  else if (one.what === 'sum')
    for (const { month } of (await listUnsummedMonths(sql, later)).slice(0, one.months)) {
      await sql.begin((tx) => sealMonth(tx, month));
      if (!one.halfway) await sql.begin((tx) => sumMonth(tx, month));
    }
  else if (one.what === 'price')
    await sql`update subctl.usage_events e set cost = 7, unpriced = false from ${nth(one.nth)} x
               where e.customer_id = x.customer_id and e.at = x.at and e.id = x.id`;
  else if (one.what === 'erase')
    await sql`delete from subctl.usage_events e using ${nth(one.nth)} x where e.customer_id = x.customer_id and e.at = x.at`;
  else
    await sql`
      insert into subctl.usage_events (customer_id, at, id, recorded_at, kind, quantity, provider, model, plan_id, tokens, cost, tier, reverses)
      select e.customer_id, e.at, gen_random_uuid(), ${now}, e.kind, -1, e.provider, e.model, e.plan_id, -e.tokens, -e.cost, e.tier, e.id
        from subctl.usage_events e join ${nth(one.nth)} x using (customer_id, at, id)`;
}

async function readAll(db: Db, from: Date, to: Date) {
  const span = { from, to, timezone: 'UTC' };
  const asked = { now: to, past: true, span };
  return {
    trends: await listTrends(db, { now: to, count: 5 }),
    summary: await summariseUsage(db, asked),
    plans: await countPlans(db, asked),
    margins: await listMargins(db, span, 'plan'),
    costs: [
      await listCosts(db, span, 'model'),
      await listCosts(db, span, 'provider'),
      await listCosts(db, span, 'plan'),
      await listCosts(db, span, 'kind'),
    ],
  };
}

/** The same with no sums at all. */
async function readEvents(from: Date, to: Date) {
  let found: Awaited<ReturnType<typeof readAll>> | undefined;
  const back = new Error('taken back');
  await sql
    .begin(async (tx) => {
      await tx`delete from subctl.usage_sums`;
      expect((await findSums(tx, { from, to })).days).toEqual([]);
      found = await readAll(tx, from, to);
      throw back;
    })
    .catch((error: unknown) => {
      if (error !== back) throw error;
    });
  return found;
}

it('T5: sums of days that are there, absent, in part, or older than late uses, reversals, prices and deletions: the same reports', async () => {
  const seen = { days: 0, months: 0 };
  const property = fc.asyncProperty(
    fc.array(use, { minLength: 20, maxLength: 40 }),
    fc.array(fc.record({ step, from: at, to: at }), { minLength: 5, maxLength: 12 }),
    async (uses, steps) => {
      await sql`truncate subctl.usage_events`;
      await insert(uses);
      for (const { step: one, from, to } of steps) {
        await take(one);
        const [first, last] = from < to ? [from, to] : [to, new Date(from.getTime() + 1)];
        expect(await readAll(sql, first, last), JSON.stringify(one)).toEqual(await readEvents(first, last));
        seen.days += (await findSums(sql, { from: first, to: last })).days.length;
        const [{ timezone }] = await sql<
          [{ timezone: string }]
        >`select coalesce(subctl_internal.setting('timezone'), 'UTC') as timezone`;
        const months = await calendarBuckets(sql, { timezone, now: last, by: 'month', count: 5 });
        seen.months += (await findActiveCustomers(sql, months)).size;
      }
    },
  );
  await fc.assert(property, { seed: 31, numRuns: process.env['SUBCTL_LONG'] ? 100 : 12, endOnFailure: true });
  expect(
    Object.values(seen).every((n) => n > 20),
    JSON.stringify(seen),
  ).toBe(true);
});

/** A transaction that stays open until it is committed. */
async function open(how: string): Promise<{ tx: Db; commit: () => Promise<void> }> {
  let end = () => {};
  const ending = new Promise<void>((resolve) => (end = resolve));
  let ended: Promise<unknown> = ending;
  const tx = await new Promise<Db>((resolve) => {
    ended = sql.begin(how, async (given) => {
      resolve(given);
      await ending;
    });
  });
  const commit = async () => {
    end();
    await ended;
  };
  return { tx, commit };
}

it('a month is not summed while somebody writes to it, and what is written from an older snapshot afterwards leaves a mark', async () => {
  await sql`delete from subctl.settings where key = 'timezone'`;
  await sql`truncate subctl.usage_events`;
  const late = fc.sample(use, 1)[0]!;
  const span = { from: new Date(begin), to: now };
  const [month, day] = ['2025-08-01', new Date('2025-08-20T00:00:00Z')];
  const seal = () => sql.begin((tx) => sealMonth(tx, month));
  await insert([{ ...late, at: day }]);
  const writer = await open('isolation level read committed');
  await writer.tx`update subctl.usage_events set cost = 2 where at = ${day}`;
  await expect(seal()).rejects.toMatchObject({ code: '55P03' });
  const older = await open('isolation level repeatable read');
  await older.tx`select from subctl.usage_late_marks`;
  await writer.commit();
  await seal();
  await older.tx`insert into subctl.usage_events (customer_id, at, id, recorded_at, kind, quantity, tier) values ('bob', ${day}, gen_random_uuid(), ${now}, 'llm', 1, 'paid')`;
  await sql.begin((tx) => sumMonth(tx, month));
  expect((await findSums(sql, span)).days).toHaveLength(1);
  await older.commit();
  expect((await findSums(sql, span)).days).toEqual([]);
  await seal();
  await sql.begin((tx) => sumMonth(tx, month));
  expect(
    await sql`select sum(uses)::int as uses, sum(cost)::text as cost from subctl.usage_day_sums`,
  ).toEqual([{ uses: 2, cost: '2' }]);
});
