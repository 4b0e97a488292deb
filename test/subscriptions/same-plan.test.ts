import { beforeAll, describe, expect, it } from 'vitest';
import { runChecks } from '../../src/integrity/run-checks.ts';
import { inTransaction } from '../../src/database/transaction.ts';
import { testDatabase } from '../support/database.ts';
import { runTasks } from '../integrity/town.ts';
import { record } from '../usage/world.ts';
import { livesOn, loadPaid } from './paid-world.ts';

const { sql } = await testDatabase();
const { buys, take, pay, hands } = livesOn(sql);
const at = (day: string) => new Date(`${day}T00:00:00Z`);

beforeAll(async () => {
  await loadPaid(sql);
  await sql`insert into subctl.kinds (id, canonical) values ('message', 'message')`;
  await sql`insert into subctl.meters (id, name, kinds, tier) values ('messages', 'Messages', '{message}', 'paid')`;
  await sql`
    insert into subctl.plan_limits (plan_id, version, meter_id, "window", limit_value)
    select id, 1, 'messages', 'period', 500 from subctl.plans`;
  await sql`
    insert into subctl.plans (id, name, active, is_default, fallback, current_version, created_at) values
      ('plain', 'Plain', true, false, 'default', 1, '2025-01-01'), ('gift', 'Gift', true, false, 'default', 1, '2025-01-01'),
      ('nought', 'Nought', true, false, 'default', 1, '2025-01-01')`;
  await sql`
    insert into subctl.plan_versions (plan_id, version, created_at) values
      ('plain', 1, '2025-01-01'), ('gift', 1, '2025-01-01'), ('nought', 1, '2025-01-01')`;
  await sql`
    insert into subctl.plan_prices (plan_id, version, "interval", currency, amount) values
      ('plain', 1, '1mo', 'USD', 49), ('gift', 1, '1mo', 'USD', null), ('nought', 1, '1mo', 'USD', 0)`;
  await sql`select subctl_internal.compile_all()`;
});

const usedOf = async (customer: string, day: string) => {
  const [row] = await sql`
    select trim_scale(used)::text as used, window_end from subctl.usage_limits(${customer}, ${at(day)}) where meter_id = 'messages' and win = 'period'`;
  return row;
};
const invoices = async (customer: string) => (await hands.numbers(customer)).length;

describe('R29: complimentary counts as 0', () => {
  it('B10: without ranks, from a paid plan to a complimentary one waits for the period’s end', async () => {
    const customer = await buys('2026-12-01', 'plain');
    expect(await take('2026-12-05', customer, 'gift')).toMatchObject({
      action: 'downgrade_scheduled',
      effective_at: at('2027-01-01'),
      plan: 'plain',
    });
  });

  it('B10: the other way is up, and complimentary and 0.00 are equal, which is up', async () => {
    const customer = await buys('2026-12-01', 'gift');
    expect(await take('2026-12-02', customer, 'nought')).toMatchObject({ action: 'upgrade' });
    expect(await take('2026-12-03', customer, 'gift')).toMatchObject({ action: 'upgrade' });
    expect(await take('2026-12-04', customer, 'plain')).toMatchObject({ action: 'upgrade' });
  });

  it('B10: a higher rank is up now; one plan with a rank and one without go by price', async () => {
    await sql`update subctl.plans set rank = 9 where id = 'gift'`;
    expect(await take('2026-12-05', await buys('2026-12-01', 'basic'), 'gift')).toMatchObject({
      action: 'upgrade',
    });
    expect(await take('2026-12-05', await buys('2026-12-01', 'plain'), 'gift')).toMatchObject({
      action: 'downgrade_scheduled',
    });
    await sql`update subctl.plans set rank = null where id = 'gift'`;
  });
});

describe('R32: what is said beside the present plan is an edit', () => {
  it.each([
    ['basic', {}, '2027-01-01'],
    ['basic', { every: '1y' }, '2027-12-01'],
    ['short', {}, '2026-12-31'],
  ])('B12: %s %j with --ends is edited: same period, same usage, no invoice', async (plan, about, end) => {
    const customer = await buys('2026-12-01', plan, about);
    await record(sql, { customer, kind: 'message', quantity: 400, as_of: at('2026-12-10') });
    const endsAt = at('2028-02-28');
    expect(await take('2026-12-20', customer, plan, { ...about, endsAt })).toMatchObject({
      ...{ action: 'edited', changed: true, invoice: null, ends_at: endsAt, auto_renew: true },
      ...{ period_start: at('2026-12-01'), period_end: at(end) },
    });
    expect(await usedOf(customer, '2026-12-20')).toEqual({ used: '400', window_end: at(end) });
    expect(await invoices(customer)).toBe(1);
    expect(await take('2026-12-20', customer, plan, { ...about, endsAt })).toMatchObject({ changed: false });
  });

  it('B12: it renews until its end and no longer', async () => {
    const customer = await buys('2026-12-01', 'basic');
    await take('2026-12-20', customer, 'basic', { endsAt: at('2027-02-15') });
    for (const day of ['2027-01-01', '2027-02-01']) {
      await runTasks(sql, `${day}T00:00:00Z`, { pays: false });
      await pay(day, customer);
    }
    await runTasks(sql, '2027-02-15T00:00:00Z', { pays: false });
    expect(await invoices(customer)).toBe(3);
    const [row] =
      await sql`select status, ended_at from subctl.subscriptions where customer_id = ${customer} order by started_at limit 1`;
    expect(row).toEqual({ status: 'expired', ended_at: at('2027-02-15') });
  });

  it('B12: an end within the period cuts it short, and its window; a later one gives it back', async () => {
    const customer = await buys('2026-12-01', 'basic');
    await record(sql, { customer, kind: 'message', quantity: 3, as_of: at('2026-12-02') });
    expect(await take('2026-12-05', customer, 'basic', { endsAt: at('2026-12-20') })).toMatchObject({
      period_end: at('2026-12-20'),
      auto_renew: false,
    });
    expect(await usedOf(customer, '2026-12-06')).toEqual({ used: '3', window_end: at('2026-12-20') });
    expect(await take('2026-12-07', customer, 'basic', { endsAt: at('2027-03-01') })).toMatchObject({
      period_end: at('2027-01-01'),
      auto_renew: true,
    });
    expect(await usedOf(customer, '2026-12-08')).toEqual({ used: '3', window_end: at('2027-01-01') });
  });

  it('B12: what does not renew is prolonged, and --auto-renew turns renewal on', async () => {
    const customer = await buys('2026-12-01', 'basic', { autoRenew: false });
    expect(await take('2026-12-02', customer, 'basic', { endsAt: at('2027-02-01') })).toMatchObject({
      ...{ action: 'edited', auto_renew: true, ends_at: at('2027-02-01') },
    });
    expect(await take('2026-12-03', customer, 'basic', { autoRenew: false })).toMatchObject({
      auto_renew: false,
    });
    expect(await take('2026-12-04', customer, 'basic', { autoRenew: true })).toMatchObject({
      ...{ action: 'edited', auto_renew: true, ends_at: null, period_end: at('2027-01-01'), invoice: null },
    });
    expect(await take('2026-12-04', customer, 'basic', { autoRenew: true })).toMatchObject({
      changed: false,
    });
    const term = await buys('2026-12-01', 'basic', { endsAt: at('2026-12-15') });
    expect(await take('2026-12-04', term, 'basic', { autoRenew: true })).toMatchObject({
      ...{ auto_renew: true, ends_at: null, period_end: at('2027-01-01') },
    });
  });

  it('B12: an end takes a cancellation and a change that waits back', async () => {
    const customer = await buys('2026-12-01', 'pro');
    await take('2026-12-02', customer, 'basic');
    expect(await take('2026-12-03', customer, 'pro', { endsAt: at('2027-06-01') })).toMatchObject({
      ...{ action: 'pending_cleared', pending_plan: null, ends_at: at('2027-06-01') },
    });
  });

  it('B12: seats, a note and an end at once are all set; another currency is refused', async () => {
    const group = await buys('2026-12-01', 'team', { seats: 2 });
    const more = { seats: 3, note: 'grows', endsAt: at('2027-06-01') };
    expect(await take('2026-12-11', group, 'team', more)).toMatchObject({
      ...{ action: 'seats_added', seats: 3, note: 'grows', ends_at: at('2027-06-01') },
    });
    await sql`insert into subctl.plan_prices (plan_id, version, "interval", currency, amount) values ('basic', 1, '1mo', 'EUR', 20)`;
    const customer = await buys('2026-12-01', 'basic', { currency: 'USD' });
    await expect(take('2026-12-02', customer, 'basic', { currency: 'EUR' })).rejects.toThrow(
      `The subscription of ${customer} to basic is in USD, and the currency of a plan cannot change`,
    );
  });

  it('B12: in a trial, and past due, an end is an edit too', async () => {
    await sql`update subctl.plan_versions set trial_days = 14 where plan_id = 'top'`;
    const trying = await buys('2026-12-01', 'top');
    expect(await take('2026-12-02', trying, 'top', { endsAt: at('2027-03-01') })).toMatchObject({
      ...{ action: 'edited', status: 'trialing', invoice: null, period_end: at('2026-12-15') },
    });
    const late = await buys('2026-12-01', 'basic');
    await runTasks(sql, '2027-01-01T00:00:00Z', { pays: false });
    await runTasks(sql, '2027-01-16T00:00:00Z', { pays: false });
    expect(await take('2027-01-16', late, 'basic', { endsAt: at('2027-03-01') })).toMatchObject({
      ...{ action: 'edited', status: 'past_due', ends_at: at('2027-03-01') },
    });
  });

  it('B12: the books are right after all of it', async () => {
    const found = await inTransaction(sql, (tx) => runChecks(tx, { now: at('2027-03-02') }));
    expect(found.filter(({ count }) => count > 0)).toEqual([]);
  });
});
