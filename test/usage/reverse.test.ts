import { beforeAll, expect, test } from 'vitest';
import type { Change } from '../../src/database/change.ts';
import { type Reversal, reverseUse } from '../../src/usage/reverse.ts';
import { failedChecks } from '../integrity/failed-checks.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';
import { check, customer, lay, plan, record, subscribe } from './world.ts';

const { sql } = await testDatabase();
const noon = '2026-03-10T12:00:00Z';
let count = 0;

beforeAll(async () => {
  await sql`insert into subctl.changes (id, at, actor, action) values ('test', ${noon}, 'tester', 'test')`;
  await lay(sql, undefined, { image: '2' });
  await plan(sql, 'basic', {
    limits: {
      messages: { day: 5, month: 50, rolling_3h: 5 },
      images: { day: 10, lifetime: 50 },
      calls: { month: 100 },
      cost_usd: { month: 5 },
    },
    memberLimits: { messages: { day: 5 } },
    credits: '30',
    seats: 5,
  });
});

async function someone(): Promise<string> {
  const who = await customer(sql, `c${count++}`);
  await subscribe(sql, who, 'basic', { at: '2026-02-15T00:00:00Z' });
  return who;
}

const reverse = (who: string, event: string | null, at = noon): Promise<Reversal> =>
  asTester(
    sql,
    (tx, change: Change) =>
      reverseUse(tx, { ...change, reason: 'mistake' }, { customer: who, event: event! }),
    new Date(at),
  );
const usedBy = async (who: string, at: string) =>
  Object.fromEntries(
    (
      await sql`select meter_id || ' ' || win as name, trim_scale(used)::text as used from subctl.usage_limits(${who}, ${at})
                 where used <> 0 and scope = 'customer' and limit_value is not null`
    ).map(({ name, used }) => [name, used]),
  );

test('C12: takes the amounts out of every window of the event and leaves the event', async () => {
  const who = await someone();
  await record(sql, { customer: who, quantity: 2, cost: '0.5', provider: 'p', model: 'm', as_of: noon });
  const wrong = await record(sql, {
    customer: who,
    quantity: 3,
    cost: '1',
    provider: 'p',
    model: 'm',
    as_of: noon,
  });
  expect((await check(sql, { customer: who, as_of: noon })).allowed).toBe(false);
  const reversal = await reverse(who, wrong.event_id);
  expect(reversal).toMatchObject({ event_id: wrong.event_id, replayed: false, quantity: '3', changed: true });
  expect(await usedBy(who, noon)).toEqual({
    'messages day': '2',
    'messages month': '2',
    'messages rolling_3h': '2',
    'calls month': '1',
    'cost_usd month': '0.5',
  });
  expect((await check(sql, { customer: who, quantity: 3, as_of: noon })).allowed).toBe(true);
  const rows =
    await sql`select quantity, cost, reverses from subctl.usage_events where customer_id = ${who} and quantity in (3, -3) order by quantity`;
  expect(rows).toEqual([
    { quantity: '-3', cost: '-1', reverses: wrong.event_id },
    { quantity: '3', cost: '1', reverses: null },
  ]);
});

test('R15: is done once, also by ten at once; it says so again; a reversal is not reversed', async () => {
  const who = await someone();
  const { event_id } = await record(sql, { customer: who, kind: 'image', quantity: 4, as_of: noon });
  const all = await Promise.all(Array.from({ length: 10 }, () => reverse(who, event_id)));
  expect(all.filter(({ replayed }) => !replayed)).toHaveLength(1);
  expect(new Set(all.map(({ reversal_id }) => reversal_id)).size).toBe(1);
  expect(all.every(({ credits }) => credits.given_back === '8')).toBe(true);
  expect(await usedBy(who, noon)).toEqual({});
  await expect(reverse(who, all[0]!.reversal_id)).rejects.toMatchObject({ code: 'SB004' });
  await expect(reverse('c0', event_id)).rejects.toMatchObject({ code: 'SB003' });
});

test('R21: credits go back to the very grants they came from, not to those that would burn first today', async () => {
  const who = await someone();
  const { event_id } = await record(sql, { customer: who, kind: 'image', quantity: 4, as_of: noon });
  await sql`select subctl_internal.grant_credits(${who}, 10, 'promotion', 'late', 10, ${noon}, null, 'x', null)`;
  await reverse(who, event_id);
  const grants =
    await sql`select source, trim_scale(remaining)::text as remaining from subctl.credit_grants where customer_id = ${who} and expired_at is null order by priority`;
  expect(grants).toEqual([
    { source: 'promotion', remaining: '10' },
    { source: 'plan', remaining: '30' },
  ]);
  const entries =
    await sql`select kind, trim_scale(amount)::text as amount, trim_scale(balance_after)::text as balance from subctl.credit_entries where customer_id = ${who} order by id desc limit 1`;
  expect(entries).toEqual([{ kind: 'reversal', amount: '8', balance: '40' }]);
});

test('R22: what came from a grant that is over is not revived, and the answer says how much', async () => {
  const who = await someone();
  await sql`select subctl_internal.grant_credits(${who}, 3, 'promotion', 'short', 10, ${noon}, '2026-03-11', 'x', null)`;
  const { event_id } = await record(sql, { customer: who, kind: 'image', quantity: 4, as_of: noon });
  const { credits } = await reverse(who, event_id, '2026-03-12T00:00:00Z');
  expect(credits).toMatchObject({ given_back: '5', expired: '3' });
  expect(credits.grants.map(({ source, given_back }) => [source, given_back])).toEqual([
    ['promotion', false],
    ['plan', true],
  ]);
  expect(
    await sql`select trim_scale(subctl_internal.credit_balance(${who}, '2026-03-12'))::text as b`,
  ).toEqual([{ b: '30' }]);
  const again = await reverse(who, event_id, '2026-03-12T00:00:00Z');
  expect(again.credits).toMatchObject({ given_back: '5', expired: '3' });
});

test('R13: a closed window keeps its row and gets a negative adjustment that names the reversal', async () => {
  const who = await someone();
  const { event_id } = await record(sql, { customer: who, quantity: 3, member: undefined, as_of: noon });
  await sql`select subctl_internal.close_windows('2026-04-02', array[${who}], null)`;
  const { windows, reversal_id } = await reverse(who, event_id, '2026-04-02T00:00:00Z');
  expect(
    windows.filter(({ meter, closed }) => meter === 'messages' && closed).map(({ window }) => window),
  ).toEqual(['day', 'month']);
  const [day] = await sql`
    select trim_scale(used)::text as used, trim_scale(adjusted)::text as adjusted from subctl.window_usage
     where customer_id = ${who} and meter_id = 'messages' and "window" = 'day'`;
  expect(day).toEqual({ used: '3', adjusted: '-3' });
  expect(
    await sql`select distinct event_id, reason from subctl.usage_adjustments where customer_id = ${who}`,
  ).toEqual([{ event_id: reversal_id, reason: 'reversal' }]);
});

test('members’ and sessions’ windows lose it too, and the change is audited', async () => {
  const who = await customer(sql, 'group', { kind: 'group' });
  await subscribe(sql, who, 'basic', { at: '2026-02-15T00:00:00Z' });
  await sql`insert into subctl.members (customer_id, member_id, joined_at) values (${who}, 'a', '2026-01-01')`;
  const { event_id } = await record(sql, { customer: who, member: 'a', quantity: 5, as_of: noon });
  await reverse(who, event_id);
  expect(
    await sql`select trim_scale(used)::text as used from subctl.usage_counters where customer_id = ${who} and subject = 'a'`,
  ).toEqual([{ used: '0' }]);
  const [audited] =
    await sql`select entity, entity_key, before, after from subctl.audit_log where customer_id = ${who} and entity = 'usage event'`;
  expect(audited).toMatchObject({
    entity: 'usage event',
    entity_key: event_id,
    before: null,
    after: { quantity: '-5' },
  });
});

test('R45: after all of it the books agree with their sources', async () => {
  expect(await failedChecks(sql, new Date('2026-04-02T00:00:00Z'))).toEqual([]);
});
