import { beforeAll, describe, expect, it } from 'vitest';
import { runChecks } from '../../src/integrity/run-checks.ts';
import { inTransaction } from '../../src/database/transaction.ts';
import { authenticate } from '../stripe-server/intents.ts';
import { changeCard } from '../stripe-server/methods.ts';
import { testDatabase } from '../support/database.ts';
import { loadLadder } from '../support/plans.ts';
import { paying } from './paying.ts';

const { sql } = await testDatabase();
const { world, payer, subscribe, renew, expire, taken, story } = await paying(sql);
beforeAll(() => loadLadder(sql));

const short = 'pm_card_visa_chargeDeclinedInsufficientFunds';

describe('a charge that goes through', () => {
  it('N1, N9: the invoice is paid at once, and so is that of each period after', async () => {
    const { id, stripe } = await payer('pm_card_visa', '2026-01-31T12:00:00Z');
    await subscribe(id, '2026-01-31T12:00:00Z');
    expect(await renew('2026-01-31T12:00:00Z')).toMatchObject({ done: 1, parked: 0 });
    expect(await renew('2026-01-31T12:00:00Z')).toMatchObject({ done: 0 });
    await renew('2026-03-01T02:00:00Z');
    await renew('2026-04-01T02:00:00Z');
    expect(taken(stripe)).toEqual({ times: 3, cents: 3 * 2999 });
    expect(await story(id)).toMatchObject({
      status: 'active',
      invoices: Array.from({ length: 3 }, () => ({ total: '29.99', status: 'paid' })),
      notices: [],
    });
    const periods =
      await sql`select period_start, attempt, outcome from subctl.renewals where customer_id = ${id} order by 1, 2`;
    expect(periods).toEqual([
      { period_start: new Date('2026-02-28T12:00:00Z'), attempt: 1, outcome: 'invoiced' },
      { period_start: new Date('2026-02-28T12:00:00Z'), attempt: 2, outcome: 'paid' },
      { period_start: new Date('2026-03-31T12:00:00Z'), attempt: 1, outcome: 'invoiced' },
      { period_start: new Date('2026-03-31T12:00:00Z'), attempt: 2, outcome: 'paid' },
    ]);
  });

  it('S17: after a trial the first payment comes, and none before', async () => {
    const { id, stripe } = await payer('pm_card_visa', '2026-01-01T00:00:00Z');
    await subscribe(id, '2026-01-01T00:00:00Z', 'trial');
    await renew('2026-01-14T02:00:00Z');
    expect(taken(stripe).times).toBe(0);
    await renew('2026-01-15T02:00:00Z');
    expect(taken(stripe)).toEqual({ times: 1, cents: 1000 });
  });
});

describe('R35, N10, defect 72: a decline', () => {
  it('is tried again 1, 3, 5 and 7 days after the first; then access ends, and what is owed is uncollectible', async () => {
    const { id, stripe } = await payer(short, '2026-01-01T09:00:00Z');
    await subscribe(id, '2026-01-01T09:00:00Z');
    const tried: number[] = [];
    for (let day = 1; day <= 10; day++) {
      const at = `2026-01-${String(day).padStart(2, '0')}T09:30:00Z`;
      await expire(at.replace('09:30', '09:10'));
      const { done } = (await renew(at, { customer: id }))!;
      if (done > 0) tried.push(day);
      const access =
        await sql`select access, plan_id from subctl_internal.effective_subscription(${id}, ${at})`;
      if (day === 7) expect(access[0]).toEqual({ access: true, plan_id: 'pro' });
    }
    expect(tried).toEqual([1, 2, 4, 6, 8]);
    expect(taken(stripe).times).toBe(0);
    const { payments, ...rest } = await story(id);
    expect(rest).toMatchObject({
      status: 'active', // of the fallback plan
      invoices: [{ total: '29.99', status: 'uncollectible' }],
      notices: Array.from({ length: 5 }, () => 'payment_failed'),
    });
    expect(payments).toHaveLength(5);
    expect(payments[0]).toMatchObject({
      status: 'declined',
      error: expect.stringContaining('insufficient_funds') as string,
    });
    const segments = await sql`
      select cause, from_at from subctl.subscription_phases where customer_id = ${id} and cause in ('past_due', 'expiry') order by 2`;
    expect(segments).toEqual([
      { cause: 'past_due', from_at: new Date('2026-01-01T09:30:00Z') },
      { cause: 'expiry', from_at: new Date('2026-01-08T09:30:00Z') },
    ]);
  });

  it('that is cured by another card recovers to the anchor', async () => {
    const { id, stripe } = await payer('pm_card_visa', '2026-01-31T00:00:00Z');
    await subscribe(id, '2026-01-31T00:00:00Z');
    await renew('2026-01-31T02:00:00Z', { customer: id });
    changeCard(world, stripe, short);
    await renew('2026-03-01T02:00:00Z', { customer: id });
    expect((await story(id)).status).toBe('past_due');
    changeCard(world, stripe, 'pm_card_visa');
    await renew('2026-03-02T02:00:00Z', { customer: id });
    expect((await story(id)).status).toBe('active');
    const [head] = await sql`
      select current_period_start, current_period_end, past_due_since from subctl.subscriptions where customer_id = ${id}`;
    expect(head).toEqual({
      current_period_start: new Date('2026-02-28T00:00:00Z'),
      current_period_end: new Date('2026-03-31T00:00:00Z'),
      past_due_since: null,
    });
    expect(taken(stripe)).toEqual({ times: 2, cents: 5998 });
  });

  it('for good is not tried again, and grace is the same', async () => {
    const { id } = await payer('pm_card_visa_chargeDeclinedLostCard', '2026-01-01T00:00:00Z');
    await subscribe(id, '2026-01-01T00:00:00Z');
    for (const day of ['01', '02', '04', '06']) await renew(`2026-01-${day}T02:00:00Z`, { customer: id });
    expect((await story(id)).payments).toHaveLength(1);
    expect((await story(id)).status).toBe('past_due');
  });
});

describe('a payment that is not through', () => {
  it('with 3-D Secure is past due, sends the customer to the bank once, and is asked for again until it is paid', async () => {
    const { id, stripe } = await payer('pm_card_authenticationRequired', '2026-01-01T00:00:00Z');
    await subscribe(id, '2026-01-01T00:00:00Z');
    await renew('2026-01-01T02:00:00Z', { customer: id });
    await renew('2026-01-02T02:00:00Z', { customer: id });
    expect(await story(id)).toMatchObject({
      status: 'past_due',
      notices: ['payment_action'],
      payments: [{ status: 'requires_action' }],
    });
    const [notice] =
      await sql`select payload->>'url' as url from subctl.notifications where customer_id = ${id}`;
    expect(notice!['url']).toContain('https://hooks.stripe.test/3ds/pi_');
    const [intent] = world.list('payment_intent', ({ customer }) => customer === stripe);
    authenticate(world, intent!.id);
    await renew('2026-01-03T02:00:00Z', { customer: id });
    expect(await story(id)).toMatchObject({
      status: 'active',
      invoices: [{ status: 'paid' }],
      payments: [{ status: 'paid' }],
    });
    expect(taken(stripe).times).toBe(1);
  });

  it('with 3-D Secure that nobody completes is given up when grace is over', async () => {
    const { id, stripe } = await payer('pm_card_authenticationRequired', '2026-01-01T00:00:00Z');
    await subscribe(id, '2026-01-01T00:00:00Z');
    await renew('2026-01-01T02:00:00Z', { customer: id });
    await expire('2026-01-08T03:00:00Z');
    await renew('2026-01-09T02:00:00Z', { customer: id });
    expect(await story(id)).toMatchObject({
      invoices: [{ status: 'uncollectible' }],
      payments: [{ status: 'declined' }],
    });
    const [intent] = world.list('payment_intent', ({ customer }) => customer === stripe);
    expect(intent!.status).toBe('canceled');
    expect(await renew('2026-01-12T02:00:00Z', { customer: id })).toMatchObject({ done: 0 });
  });

  it('by bank debit keeps access while it is on its way', async () => {
    const { id } = await payer('pm_usBankAccount', '2026-01-01T00:00:00Z');
    await subscribe(id, '2026-01-01T00:00:00Z');
    await renew('2026-01-01T02:00:00Z', { customer: id });
    expect(await story(id)).toMatchObject({ status: 'active', payments: [{ status: 'processing' }] });
  });
});

it('R45: after all of it the books are right', async () => {
  const found = await inTransaction(sql, (tx) => runChecks(tx, { now: new Date('2026-04-02T00:00:00Z') }), {
    readOnly: true,
  });
  expect(
    found.filter(({ count, check }) => count > 0 && !/credits|grants|windows|parked|jobs/.test(check)),
  ).toEqual([]);
});
