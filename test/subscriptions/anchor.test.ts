import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { migrateSubscribers } from '../../src/subscriptions/migrate.ts';
import { anchoredPeriod } from '../database/window-oracle.ts';
import { stepOf } from '../simulator/world.ts';
import { runTasks } from '../stories/lives.ts';
import { readAt } from '../stories/readings.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, assign } from '../support/plans.ts';

const { sql } = await testDatabase();
const intervals = ['1mo', '3mo', '1y', '2w', '30d'] as const;
const day = 86_400_000;
let count = 0;

beforeAll(async () => {
  await sql`insert into subctl.kinds (id, canonical) values ('message', 'message')`;
  await sql`insert into subctl.meters (id, name, kinds) values ('messages', 'Messages', '{message}')`;
  await sql`
    insert into subctl.plans (id, name, rank, fallback, current_version, created_at) values
      ('high', 'High', 2, 'none', 2, '2020-01-01'), ('low', 'Low', 1, 'none', 1, '2020-01-01')`;
  await sql`
    insert into subctl.plan_versions (plan_id, version, created_at, credits, credits_every, rollover_max) values
      ('high', 1, '2020-01-01', 100, '1mo', 30), ('high', 2, '2020-01-01', 90, null, null), ('low', 1, '2020-01-01', 10, '10d', 4)`;
  await sql`
    insert into subctl.plan_prices (plan_id, version, "interval", currency, amount)
    select p, v, i, 'USD', 0 from (values ('high', 1), ('high', 2), ('low', 1)) t(p, v) cross join unnest(${[...intervals]}::text[]) i`;
  await sql`
    insert into subctl.plan_limits (plan_id, version, meter_id, "window", limit_value)
    select p, v, 'messages', w, 50 from (values ('high', 1), ('high', 2), ('low', 1)) t(p, v) cross join unnest(array['period', 'every_1mo']) w`;
  await sql`select subctl_internal.compile_all()`;
});

async function subscribe(every: string, at: string, zone = 'UTC'): Promise<string> {
  const id = `anchor-${++count}`;
  await addOne(sql, { id, timezone: zone }, new Date('2020-01-01T00:00:00Z'));
  await sql`
    select subctl_internal.start_subscriptions(array[${id}], array[${at}::timestamptz], 'high', 1, ${every}, 'USD', 0, 'free', 0, true, null, 'tester', null, 'new', null, ${at}, 'test')`;
  return id;
}

async function period(customer: string, at: string): Promise<[string, string, string]> {
  const [row] = await sql`
    select e.plan_id || ' ' || e.version as plan, e.anchor, e.period_start, e.period_end from subctl_internal.effective_subscription(${customer}, ${at}::timestamptz) e`;
  const {
    plan,
    period_start: start,
    period_end: end,
  } = row as Record<string, string> & Record<'period_start' | 'period_end', Date>;
  return [plan!, start.toISOString().slice(0, 16), end.toISOString().slice(0, 16)];
}

const lower = (customer: string, at: string, about: object = {}) =>
  assign(sql, at, { customer, plan: 'low', every: '1mo', when: 'period-end', ...about });

describe('B11 R2: a change at a period’s end keeps the anchor where the interval stays the same', () => {
  it('B11: anchor 31 January, downgrade in February: the next periods end on 31 March, 30 April and 31 May, read and written', async () => {
    const id = await subscribe('1mo', '2026-01-31T12:00Z');
    await lower(id, '2026-02-10T00:00Z');
    const periods = [
      ['low 1', '2026-02-28T12:00', '2026-03-31T12:00'],
      ['low 1', '2026-03-31T12:00', '2026-04-30T12:00'],
      ['low 1', '2026-04-30T12:00', '2026-05-31T12:00'],
    ];
    const read = async () =>
      Promise.all(['2026-03-05', '2026-04-05', '2026-05-05'].map((at) => period(id, at)));
    expect(await read()).toEqual(periods);
    await runTasks(sql, [id], new Date('2026-05-06T00:00:00Z'));
    expect(await read()).toEqual(periods);
  });

  it('B11: so do a new version of the plan, quarters, years from 29 February, and a zone with summer time', async () => {
    const migrated = await subscribe('1mo', '2026-01-30T12:00Z');
    await asTester(
      sql,
      (tx, change) =>
        migrateSubscribers(tx, change, {
          ...{
            plan: 'high',
            to: 2,
            from: [],
            customers: [migrated],
            when: 'period-end',
            after: '',
            limit: 5,
          },
        }),
      new Date('2026-02-10T00:00:00Z'),
    );
    expect(await period(migrated, '2026-03-05')).toEqual(['high 2', '2026-02-28T12:00', '2026-03-30T12:00']);
    const quarterly = await subscribe('3mo', '2025-11-30T12:00Z');
    await lower(quarterly, '2026-02-10T00:00Z', { every: '3mo' });
    expect(await period(quarterly, '2026-03-05')).toEqual(['low 1', '2026-02-28T12:00', '2026-05-30T12:00']);
    const yearly = await subscribe('1y', '2024-02-29T12:00Z');
    await lower(yearly, '2024-03-10T00:00Z', { every: '1y' });
    expect(await period(yearly, '2027-03-05')).toEqual(['low 1', '2027-02-28T12:00', '2028-02-29T12:00']);
    const berlin = await subscribe('1mo', '2026-01-31T12:00Z', 'Europe/Berlin');
    await lower(berlin, '2026-02-10T00:00Z');
    expect(await period(berlin, '2026-03-05')).toEqual(['low 1', '2026-02-28T12:00', '2026-03-31T11:00']);
  });

  it('B11: another interval, and a change at an instant, begin a new anchor there', async () => {
    const other = await subscribe('1mo', '2026-01-31T12:00Z');
    await lower(other, '2026-02-10T00:00Z', { every: '1y' });
    expect(await period(other, '2027-03-05')).toEqual(['low 1', '2027-02-28T12:00', '2028-02-28T12:00']);
    const cut = await subscribe('1mo', '2026-01-31T12:00Z');
    await lower(cut, '2026-02-10T00:00Z', { when: new Date('2026-03-15T00:00:00Z') });
    expect(await period(cut, '2026-03-20')).toEqual(['low 1', '2026-03-15T00:00', '2026-04-15T00:00']);
  });

  it('B11 R16: a head that nobody wrote reads as it does once it is written, at every boundary of two years', async () => {
    const life = fc.record({
      every: fc.constantFrom(...intervals),
      next: fc.option(fc.constantFrom(...intervals), { freq: 1 }),
      zone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata'),
      start: fc.integer({ min: 0, max: 400 * 24 }),
    });
    await fc.assert(
      fc.asyncProperty(life, async ({ every, next, zone, start }) => {
        const begin = Date.parse('2024-01-28T07:30:00Z') + start * 3_600_000;
        const [late, daily] = [
          await subscribe(every, new Date(begin).toISOString(), zone),
          await subscribe(every, new Date(begin).toISOString(), zone),
        ];
        for (const id of [late, daily])
          await lower(id, new Date(begin).toISOString(), { every: next ?? every });
        const turn = anchoredPeriod(begin, stepOf(every), begin, zone).end;
        const anchor = next === null || next === every ? begin : turn;
        const ends = [turn];
        while (ends.at(-1)! < begin + 730 * day)
          ends.push(anchoredPeriod(anchor, stepOf(next ?? every), ends.at(-1)!, zone).end);
        const instants = ends.flatMap((at) => [-1, 0, 5 * day].map((n) => new Date(at + n)));
        const read = await readAt(sql, late, { instants, now: instants[0]! });
        expect(read.filter((_, n) => n % 3 === 1).map(({ standing }) => standing['end'])).toEqual(
          ends.map((at, n) =>
            new Date(ends[n + 1] ?? anchoredPeriod(anchor, stepOf(next ?? every), at, zone).end)
              .toISOString()
              .replace('.000Z', '+00:00'),
          ),
        );
        for (const [n, at] of instants.entries()) {
          await runTasks(sql, [daily], at);
          const [now] = await readAt(sql, daily, { instants: [at], now: at });
          expect(read[n], `${at.toISOString()}`).toEqual(now);
        }
        for (const n of [0.3, 0.6, 1]) await runTasks(sql, [late], new Date(begin + n * 800 * day));
        const after = await readAt(sql, late, { instants, now: instants.at(-1)! });
        expect(after.map(({ standing, balance }) => ({ standing, balance }))).toEqual(
          read.map(({ standing, balance }) => ({ standing, balance })),
        );
      }),
      { seed: 11, numRuns: 4, endOnFailure: true },
    );
  });
});
