import { beforeAll, describe, expect, test } from 'vitest';
import { failedChecks } from '../integrity/failed-checks.ts';
import { testDatabase } from '../support/database.ts';
import { customer, lay, plan, record, subscribe, used } from './world.ts';

const { sql } = await testDatabase();
let made = 0;

beforeAll(async () => {
  await lay(sql);
  await sql`insert into subctl.changes (id, at, actor, action) values ('test', '2026-01-01', 'tester', 'plan windows')`;
  await plan(sql, 'capped', {
    limits: {
      messages: { lifetime: 10, month: 9, rolling_3h: 8, session: 5 },
      free_messages: { month: 6 },
    },
    memberLimits: { messages: { day: 4, lifetime: 7 } },
  });
  await plan(sql, 'plain', { limits: { messages: { period: null } } });
});

/** On `capped` from the first of January; `go` puts the customer on another plan, usage carried. */
async function someone({ kind = 'user', on = 'capped' } = {}) {
  const who = await customer(sql, `plan-windows-${++made}`, { kind });
  await subscribe(sql, who, on, { at: '2026-01-01T00:00Z' });
  const go = (to: string, at: string) => sql`
    with head as (
      update subctl.subscriptions set plan_id = ${to}, epoch = epoch + 1, from_at = ${at} where customer_id = ${who} returning *)
    insert into subctl.subscription_phases (customer_id, subscription_id, from_at, previous_status, status, plan_id, version, every, anchor,
      anchor_timezone, period_start, period_end, cause, written_at)
    select customer_id, id, from_at, status, status, plan_id, version, every, anchor, anchor_timezone, current_period_start, current_period_end, 'downgrade', ${at}
      from head`;
  return { who, go };
}

const windowsProof = async (who: string) =>
  (await failedChecks(sql, new Date('2026-06-01T00:00Z'))).filter((found) =>
    JSON.stringify(found).includes(who),
  );

describe('a window is what was used in it, whatever plan was in force', () => {
  test('R6 R8: from a plan with caps to one without and back, nothing slips under the caps', async () => {
    const { who, go } = await someone();
    await record(sql, { customer: who, as_of: '2026-01-10T08:00Z', quantity: 3 });
    await go('plain', '2026-01-10T09:00Z');
    await record(sql, { customer: who, as_of: '2026-01-10T09:30Z', quantity: 4 });
    await go('capped', '2026-01-10T10:00Z');
    const answer = await record(sql, { customer: who, as_of: '2026-01-10T10:30Z', quantity: 1 });
    expect(['lifetime', 'month', 'rolling_3h'].map((w) => used(answer, 'messages', w))).toEqual([
      '8',
      '8',
      '8',
    ]);
    expect(await record(sql, { customer: who, as_of: '2026-01-11T10:30Z', quantity: 2 })).toMatchObject({
      allowed: false,
      window: 'month',
    });
    expect(await windowsProof(who)).toEqual([]);
  });

  test('R6: the month of a free meter goes on in the plan that does not limit it, and closes with all of it', async () => {
    const { who, go } = await someone();
    await sql`insert into subctl.models (provider, pattern, free_tier) values ('gratis', '*', true) on conflict do nothing`;
    const free = (as_of: string, quantity: number) =>
      record(sql, { customer: who, as_of, quantity, provider: 'gratis', cost: '0' });
    await free('2026-01-10T08:00Z', 2);
    await go('plain', '2026-01-12T00:00Z');
    await free('2026-01-13T08:00Z', 3);
    await sql`select subctl_internal.close_windows('2026-02-02T00:00Z', array[${who}], 'test')`;
    const [month] = await sql`
      select trim_scale(used)::text as used from subctl.window_usage where customer_id = ${who} and meter_id = 'free_messages' and "window" = 'month'`;
    expect(month).toEqual({ used: '5' });
    await record(sql, {
      customer: who,
      as_of: '2026-02-03T00:00Z',
      at: '2026-01-20T00:00Z',
      provider: 'gratis',
      cost: '0',
    });
    expect(await windowsProof(who)).toEqual([]);
  });

  test('a lifetime cap knows what was used before on a plan that has none, also when the events are gone', async () => {
    const { who, go } = await someone({ on: 'plain' });
    await record(sql, { customer: who, as_of: '2026-01-10T08:00Z', quantity: 9 });
    await sql`delete from subctl.usage_events where customer_id = ${who}`;
    await go('capped', '2026-02-01T00:00Z');
    expect(await record(sql, { customer: who, as_of: '2026-02-02T08:00Z', quantity: 2 })).toMatchObject({
      allowed: false,
      window: 'lifetime',
      used: '9',
    });
  });

  test('a limit of the customer’s own that ends and begins again in one window has missed nothing', async () => {
    const { who } = await someone({ on: 'plain' });
    await sql`update subctl.customers set has_overrides = true where id = ${who}`;
    const own = (from: string, to: string, window: string) => sql`
      insert into subctl.limit_overrides (customer_id, meter_id, "window", scope, starts_at, ends_at, limit_value, reason, actor)
      values (${who}, 'messages', ${window}, 'customer', ${from}, ${to}, 6, 'r', 't')`;
    for (const window of ['week', 'rolling_24h']) {
      await own('2026-01-05T10:00Z', '2026-01-05T12:00Z', window);
      await own('2026-01-05T14:00Z', '2026-01-09T00:00Z', window);
    }
    for (const hour of ['09', '11', '13', '15'])
      expect((await record(sql, { customer: who, as_of: `2026-01-05T${hour}:00Z` })).allowed).toBe(true);
    const answer = await record(sql, { customer: who, as_of: '2026-01-05T15:01Z' });
    expect(['week', 'rolling_24h'].map((w) => used(answer, 'messages', w))).toEqual(['5', '5']);
    expect(await windowsProof(who)).toEqual([]);
  });
});

describe('a limit that begins in mid-window counts what was used in it', () => {
  test('R20 U13: of a member, in the day and for good', async () => {
    const { who, go } = await someone({ kind: 'group', on: 'plain' });
    await sql`insert into subctl.members (customer_id, member_id, joined_at) values (${who}, 'mia', '2026-01-01'), (${who}, 'moe', '2026-01-01')`;
    await record(sql, { customer: who, as_of: '2026-01-10T08:00Z', member: 'mia', quantity: 3 });
    await record(sql, { customer: who, as_of: '2026-01-10T08:10Z', member: 'moe', quantity: 1 });
    await go('capped', '2026-01-10T09:00Z');
    const shown = await sql`
      select win, subject, trim_scale(used)::text as used from subctl.usage_limits(${who}, '2026-01-10T09:30Z')
       where meter_id = 'messages' and scope = 'member' order by 1, 2`;
    expect(shown).toEqual([
      { win: 'day', subject: 'mia', used: '3' },
      { win: 'day', subject: 'moe', used: '1' },
      { win: 'lifetime', subject: 'mia', used: '3' },
      { win: 'lifetime', subject: 'moe', used: '1' },
    ]);
    expect(
      await record(sql, { customer: who, as_of: '2026-01-10T10:00Z', member: 'mia', quantity: 2 }),
    ).toMatchObject({ allowed: false, window: 'day', used: '3' });
    expect(
      await record(sql, { customer: who, as_of: '2026-01-10T10:00Z', member: 'moe', quantity: 2 }),
    ).toMatchObject({
      allowed: true,
    });
  });

  test('U14: of a session', async () => {
    const { who, go } = await someone({ on: 'plain' });
    await record(sql, { customer: who, as_of: '2026-01-10T08:00Z', session: 'chat', quantity: 4 });
    await sql`delete from subctl.usage_counters where customer_id = ${who} and "window" = 'session'`;
    await go('capped', '2026-01-10T09:00Z');
    expect(
      await record(sql, { customer: who, as_of: '2026-01-10T10:00Z', session: 'chat', quantity: 2 }),
    ).toMatchObject({ allowed: false, window: 'session', used: '4' });
  });
});
