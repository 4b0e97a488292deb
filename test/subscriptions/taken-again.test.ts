import { beforeAll, expect, it } from 'vitest';
import { runChecks } from '../../src/integrity/run-checks.ts';
import { inTransaction } from '../../src/database/transaction.ts';
import { addMember } from '../../src/customers/add-member.ts';
import { cancelSubscription } from '../../src/subscriptions/cancel.ts';
import { settleSubscriptions } from '../../src/subscriptions/settle.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, assign, loadLadder } from '../support/plans.ts';

const { sql } = await testDatabase();
let count = 0;
const readings: unknown[][] = [];
const noon = (day: number, hour = 12) => new Date(Date.UTC(2026, 11, day, hour));
const give = (customer: string, plan: string, at: Date, more: object = {}) =>
  assign(sql, at.toISOString(), {
    customer,
    plan,
    collection: plan === 'free' ? undefined : 'complimentary',
    ...more,
  });
const cancel = (customer: string, at: Date) =>
  asTester(sql, (tx, change) => cancelSubscription(tx, change, { customer, atOnce: true }), at);
const use = async (
  customer: string,
  kind: string,
  at: Date,
  quantity: number,
  member: string | null = null,
) => {
  const [{ done }] = await sql<[{ done: { allowed: boolean; quantity?: string } }]>`
    select subctl.record_usage(${customer}, ${kind}, as_of => ${at}, quantity => ${quantity}, member => ${member}, partial => true) as done`;
  return done.allowed ? Number(done.quantity ?? quantity) : 0;
};
const balance = async (customer: string, at: Date) =>
  Number((await sql`select subctl_internal.credit_balance(${customer}, ${at}) as balance`)[0]!.balance);
const limits = async (customer: string, at: Date) =>
  (
    await sql<{ line: string }[]>`
      select concat_ws(' ', win, scope, nullif(subject, ''), trim_scale(used)) as line from subctl.usage_limits(${customer}, ${at})
       where meter_id = 'messages' order by 1`
  ).map(({ line }) => line);
const wrong = async (now: Date) =>
  (await inTransaction(sql, (tx) => runChecks(tx, { now }))).filter(({ count: rows }) => rows > 0);
const added = async () => {
  const id = `again-${(count += 1)}`;
  await addOne(sql, { id, kind: 'group' }, noon(1, 0));
  return id;
};

beforeAll(async () => {
  await loadLadder(sql);
  await sql`insert into subctl.credit_costs (plan_id, kind, amount) values ('', 'image', 1)`;
  await sql`delete from subctl.plan_limits where plan_id = 'free' or meter_id = 'images'`;
  await sql`
    insert into subctl.plan_limits (plan_id, version, meter_id, "window", limit_value)
    select 'free', 1, 'messages', w, 20 from unnest(array['day', 'month', 'period', 'every_10d', 'rolling_720h', 'term']) w`;
  await sql`
    insert into subctl.plan_limits (plan_id, version, meter_id, "window", scope, limit_value) values ('free', 1, 'messages', 'period', 'member', 15)`;
  await sql`
    insert into subctl.plans (id, name, active, is_default, fallback, fallback_plan_id, current_version, created_at) values
      ('demo', 'Demo', true, false, 'plan', 'free', 1, '2025-01-01')`;
  await sql`insert into subctl.plan_versions (plan_id, version, created_at, credits, usage_on_change) values ('demo', 1, '2025-01-01', 7, 'carry')`;
  await sql`insert into subctl.plan_prices (plan_id, version, "interval", currency, amount) values ('demo', 1, '1mo', 'USD', null)`;
  await sql`select subctl_internal.compile_all()`;
});

it.each(['free', 'gift'])(
  'B25: %s canceled now and taken again ten times gives one allotment of credits and of each limit',
  async (plan) => {
    if (plan === 'gift') {
      await sql`update subctl.plan_versions set credits = 10 where plan_id = 'gift'`;
      await sql`
      insert into subctl.plan_limits (plan_id, version, meter_id, "window", scope, limit_value)
      select 'gift', 1, meter_id, "window", scope, limit_value from subctl.plan_limits where plan_id = 'free'`;
      await sql`select subctl_internal.compile_all()`;
    }
    const customer = await added();
    let images = 0;
    let messages = 0;
    for (let n = 0; n < 10; n++) {
      const at = noon(2, 2 * n);
      await give(customer, plan, at);
      images += await use(customer, 'image', at, 3);
      messages += await use(customer, 'message', at, 7);
      expect(await balance(customer, at)).toBe(Math.max(0, 10 - images));
      if (n % 3 === 0) await sql`select subctl_internal.close_windows(${at}, array[${customer}], null, true)`;
      if (n < 9) await cancel(customer, noon(2, 2 * n + 1));
    }
    expect([images, messages]).toEqual([10, 20]);
    expect(await limits(customer, noon(2, 20))).toEqual(
      ['day', 'every_10d', 'month', 'period', 'rolling_720h', 'term'].map((win) => `${win} customer 20`),
    );
    const next = new Date('2027-01-02T00:00:00Z');
    expect(await balance(customer, new Date(next.getTime() - 1))).toBe(0);
    expect(await balance(customer, next)).toBe(10);
    expect(await use(customer, 'image', next, 20)).toBe(10);
    expect(await use(customer, 'message', next, 30)).toBe(20);
    expect(await wrong(noon(31))).toEqual([]);
  },
);

it('B25: through the fallback plan and back each plan gives its credits once in its period', async () => {
  const customer = await added();
  const got = { free: 0, demo: 0 };
  for (let n = 0; n < 6; n++) {
    await give(customer, 'demo', noon(2, 3 * n));
    got.demo += await use(customer, 'image', noon(2, 3 * n), 20);
    await cancel(customer, noon(2, 3 * n + 1));
    got.free += await use(customer, 'image', noon(2, 3 * n + 1), 4);
    expect(await use(customer, 'message', noon(2, 3 * n + 1), 9)).toBe([9, 9, 2, 0, 0, 0][n]);
  }
  expect(got).toEqual({ free: 10, demo: 7 });
  expect(await wrong(noon(31))).toEqual([]);
});

it.each([false, true])(
  'B25: ends that nobody has written (written: %s) read as written ones, with members too',
  async (written) => {
    const customer = await added();
    await asTester(
      sql,
      (tx, change) => addMember(tx, change, { customer, member: 'ann', role: 'member' }),
      noon(1, 0),
    );
    const settle = async (at: Date) => {
      if (written) await asTester(sql, (tx, change) => settleSubscriptions(tx, change, [customer]), at);
      if (written) await sql`select subctl_internal.post_due_credits(array[${customer}], ${at}, null)`;
    };
    const seen = [];
    for (let n = 0; n < 3; n++) {
      await give(customer, 'demo', noon(2, 4 * n), { endsAt: noon(2, 4 * n + 1), when: 'now' });
      seen.push(await use(customer, 'image', noon(2, 4 * n), 3));
      await settle(noon(2, 4 * n + 2));
      seen.push(await balance(customer, noon(2, 4 * n + 2)), ...(await limits(customer, noon(2, 4 * n + 2))));
      seen.push(
        await use(customer, 'image', noon(2, 4 * n + 2), 4),
        await use(customer, 'message', noon(2, 4 * n + 2), 6, 'ann'),
      );
      seen.push(await balance(customer, noon(2, 4 * n + 3)), ...(await limits(customer, noon(2, 4 * n + 3))));
    }
    readings.push(seen);
    expect(seen).toEqual(readings[0]);
    expect(seen.filter((one) => one === 6)).not.toEqual([]);
    expect(await balance(customer, noon(2, 12))).toBe(0);
    await settle(noon(3));
    expect(await wrong(noon(31))).toEqual([]);
  },
);

it('B25: a trial of a free plan begins once, and gives nothing to whoever had the plan', async () => {
  const customer = await added();
  await give(customer, 'free', noon(2), { trialDays: 7 });
  expect(await use(customer, 'image', noon(2), 8)).toBe(8);
  await cancel(customer, noon(3));
  await give(customer, 'free', noon(4));
  expect(await balance(customer, noon(4))).toBe(2);
  expect(await balance(customer, noon(9, 11))).toBe(2);
  expect(await balance(customer, noon(9))).toBe(10);
  const other = await added();
  await give(other, 'free', noon(2));
  expect(await use(other, 'image', noon(2), 8)).toBe(8);
  await cancel(other, noon(3));
  await give(other, 'free', noon(4), { trialDays: 7 });
  expect(await balance(other, noon(20))).toBe(2);
});

it('B25: a free plan whose trial is over, or that was left by a change that waited, is taken as it ran', async () => {
  const tried = await added();
  await give(tried, 'free', noon(2), { trialDays: 7 });
  expect(await use(tried, 'image', noon(2), 10)).toBe(10);
  await cancel(tried, noon(3));
  await give(tried, 'free', noon(10)); // the trial would have ended on the 9th, and a period begun
  expect(await balance(tried, noon(10))).toBe(10);
  const waited = await added();
  await give(waited, 'free', noon(2));
  expect(await use(waited, 'image', noon(2), 8)).toBe(8);
  await give(waited, 'gift', noon(3), { when: noon(5) });
  await cancel(waited, noon(6));
  await give(waited, 'free', noon(7));
  expect(await balance(waited, noon(7))).toBe(2);
  expect(await balance(waited, new Date('2027-01-02T11:59:59Z'))).toBe(2);
  expect(await balance(waited, new Date('2027-01-02T12:00:00Z'))).toBe(10);
});

it('B25: a term that is cut short again and again gives one allotment in the period', async () => {
  const customer = await added();
  let images = 0;
  for (let n = 0; n < 5; n++) {
    await give(customer, 'free', noon(2 + n), { endsAt: noon(2 + n, 20) });
    images += await use(customer, 'image', noon(2 + n), 4);
    expect(await use(customer, 'message', noon(2 + n), 9)).toBe([9, 9, 2, 0, 0][n]);
  }
  expect(images).toBe(10);
});
