import { beforeAll, describe, expect, it } from 'vitest';
import { extendByDays } from '../../src/subscriptions/extend.ts';
import { pauseSubscription } from '../../src/subscriptions/pause.ts';
import { resumeSubscription } from '../../src/subscriptions/resume.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, assign, loadLadder } from '../support/plans.ts';
import { runTasks } from '../stories/lives.ts';

const { sql } = await testDatabase();
beforeAll(async () => {
  await loadLadder(sql);
  await sql`
    insert into subctl.plan_limits (plan_id, version, meter_id, "window", limit_value) values ('pro', 1, 'messages', 'term', 10), ('free', 1, 'messages', 'term', 8)`;
  await sql`select subctl_internal.compile_all()`;
});

let count = 0;
/** On pro from the tenth of January until the 20th of March: two whole periods, and ten days of a third. */
const contracted = async (ends = '2026-03-20T12:00:00Z') => {
  const id = `term-${++count}`;
  await addOne(sql, { id });
  const done = await assign(sql, '2026-01-10T00:00:00Z', {
    ...{ customer: id, plan: 'pro', collection: 'complimentary', endsAt: new Date(ends) },
  });
  return { id, done };
};
const read = async (customer: string, at: string) => {
  const [row] = await sql`
    select plan_id as plan, period_start as start, period_end as "end", ends_at from subctl_internal.effective_subscription(${customer}, ${at}::timestamptz)`;
  return row!;
};
const use = async (customer: string, at: string, quantity: number) => {
  const [row] = await sql`
    select subctl.record_usage(${customer}, 'message', as_of => ${at}::timestamptz, quantity => ${quantity}) as answer`;
  return row!['answer'];
};
const day = (date: string) => new Date(`${date}T00:00:00Z`);

describe('a term of several periods', () => {
  it('renews period by period, is cut short at its end, and falls to the fallback plan there, whoever looks', async () => {
    const { id, done } = await contracted();
    const end = new Date('2026-03-20T12:00:00Z');
    expect(done).toMatchObject({ period_end: day('2026-02-10'), ends_at: end, auto_renew: true });
    const before = [
      await read(id, '2026-02-15T00:00:00Z'),
      await read(id, '2026-03-19T00:00:00Z'),
      await read(id, '2026-03-20T12:00:00Z'),
    ];
    expect(before).toEqual([
      { plan: 'pro', start: day('2026-02-10'), end: day('2026-03-10'), ends_at: end },
      { plan: 'pro', start: day('2026-03-10'), end, ends_at: end },
      { plan: 'free', start: end, end: new Date('2026-04-20T12:00:00Z'), ends_at: null },
    ]);
    await runTasks(sql, [id], day('2026-04-01'));
    expect(
      await sql`select period_start as start, period_end as "end" from subctl.renewals where customer_id = ${id} order by 1`,
    ).toEqual([
      { start: day('2026-02-10'), end: day('2026-03-10') },
      { start: day('2026-03-10'), end },
    ]);
    const segments =
      await sql`select status, plan_id as plan, reason from subctl.subscription_phases where customer_id = ${id} order by from_at, plan_id desc`;
    expect(segments).toMatchObject([
      { status: 'active', plan: 'pro' },
      { status: 'expired', plan: 'pro', reason: 'the term of pro is over' },
      { status: 'active', plan: 'free' },
    ]);
    expect([await read(id, '2026-02-15T00:00:00Z')]).toMatchObject([
      { plan: 'pro', start: day('2026-02-10') },
    ]);
  });

  it('W4: has one window from its start to its end, whose periods reset nothing', async () => {
    const { id } = await contracted();
    await use(id, '2026-01-20T00:00:00Z', 4);
    expect((await use(id, '2026-02-20T00:00:00Z', 4)).limits).toContainEqual(
      expect.objectContaining({
        window: 'term',
        used: '8',
        limit: '10',
        resets_at: '2026-03-20T12:00:00.000Z',
      }),
    );
    await runTasks(sql, [id], day('2026-03-15'));
    expect(await use(id, '2026-03-16T00:00:00Z', 3)).toMatchObject({
      allowed: false,
      window: 'term',
      used: '8',
    });
    expect(await use(id, '2026-03-20T12:00:00Z', 3)).toMatchObject({ allowed: true });
    await runTasks(sql, [id], day('2026-04-01'));
    const windows = await sql`
      select window_start as start, window_end as "end", trim_scale(used)::text as used, trim_scale(limit_value)::text as "limit"
        from subctl.usage_counters where customer_id = ${id} and "window" = 'term' and closed_at is not null`;
    expect(windows).toEqual([
      { start: day('2026-01-10'), end: new Date('2026-03-20T12:00:00Z'), used: '8', limit: '10' },
    ]);
  });

  it('ends later by the days that were given, and by the time that a pause stood still', async () => {
    const { id } = await contracted();
    await asTester(
      sql,
      (tx, change) => extendByDays(tx, change, { customer: id, days: 5 }),
      day('2026-01-15'),
    );
    expect(await read(id, '2026-01-16T00:00:00Z')).toMatchObject({
      end: day('2026-02-15'),
      ends_at: new Date('2026-03-25T12:00:00Z'),
    });
    await asTester(
      sql,
      (tx, change) => pauseSubscription(tx, change, { customer: id, clock: 'stops' }),
      day('2026-01-20'),
    );
    await asTester(sql, (tx, change) => resumeSubscription(tx, change, id), day('2026-01-22'));
    expect(await read(id, '2026-01-23T00:00:00Z')).toMatchObject({
      end: day('2026-02-17'),
      ends_at: new Date('2026-03-27T12:00:00Z'),
    });
    await runTasks(sql, [id], day('2026-05-01'));
    expect(
      (await sql`select ended_at from subctl.subscriptions where customer_id = ${id} and plan_id = 'pro'`)[0],
    ).toEqual({
      ended_at: new Date('2026-03-27T12:00:00Z'),
    });
  });

  it('ends in a pause whose clock runs', async () => {
    const { id } = await contracted();
    await asTester(
      sql,
      (tx, change) => pauseSubscription(tx, change, { customer: id, clock: 'runs' }),
      day('2026-02-20'),
    );
    expect(await read(id, '2026-03-21T00:00:00Z')).toMatchObject({
      plan: 'free',
      start: new Date('2026-03-20T12:00:00Z'),
    });
    await runTasks(sql, [id], day('2026-04-01'));
    expect(await read(id, '2026-03-21T00:00:00Z')).toMatchObject({
      plan: 'free',
      start: new Date('2026-03-20T12:00:00Z'),
    });
  });
});
