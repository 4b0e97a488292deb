import { beforeAll, describe, expect, it } from 'vitest';
import { paying } from '../billing/paying.ts';
import { changeCard } from '../stripe-server/methods.ts';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { assign, loadLadder } from '../support/plans.ts';
import { deliver, openTestStripe, reconcileAll } from './fixture.ts';

const { sql, env: bare } = await testDatabase();
const { world, faults, payer, subscribe, renew, taken, story, env: keys } = await paying(sql);
const account = openTestStripe(keys.STRIPE_API_URL);
const env = { ...bare, ...keys };
beforeAll(() => loadLadder(sql));

const look = (customer: string, at: string) => reconcileAll(sql, account, new Date(at), customer);
const notices = (customer: string) => sql`
  select kind, payload->>'expires' as expires, payload->>'last4' as last4 from subctl.notifications where customer_id = ${customer} and kind = 'card_expiring'`;

describe('a card that expires before the next charge', () => {
  it('is told once for its month, within 30 days, and a new card is another', async () => {
    const { id, stripe } = await payer(undefined, '2026-01-01T00:00:00Z');
    await subscribe(id, '2026-01-10T00:00:00Z');
    const card = changeCard(world, stripe, 'pm_card_visa');
    Object.assign(card.card!, { exp_month: 1, exp_year: 2026 });
    await look(id, '2026-01-01T03:00:00Z');
    expect(await notices(id)).toEqual([]); // 31 days before
    for (const at of ['2026-01-11T03:00:00Z', '2026-01-12T03:00:00Z', '2026-02-05T03:00:00Z'])
      await look(id, at);
    expect(await notices(id)).toEqual([{ kind: 'card_expiring', expires: '01/2026', last4: '4242' }]);
    changeCard(world, stripe, 'pm_card_mastercard');
    await look(id, '2026-02-06T03:00:00Z');
    expect(await notices(id)).toHaveLength(1); // that one is good for years
  });

  it('is told of nobody who is not charged, or whose subscription ends', async () => {
    const { id, stripe } = await payer(undefined, '2026-01-01T00:00:00Z');
    const card = changeCard(world, stripe, 'pm_card_visa');
    Object.assign(card.card!, { exp_month: 1, exp_year: 2026 });
    await assign(sql, '2026-01-10T00:00:00Z', { customer: id, plan: 'pro', collection: 'invoice' });
    await look(id, '2026-01-12T03:00:00Z');
    expect(await notices(id)).toEqual([]);
  });
});

describe('a decline for good', () => {
  it('is tried again at once when there is another card, and recovers; the same card is not', async () => {
    const { id, stripe } = await payer('pm_card_visa_chargeDeclinedLostCard', '2026-01-01T00:00:00Z');
    await subscribe(id, '2026-01-01T00:00:00Z');
    await renew('2026-01-01T02:00:00Z', { customer: id });
    await look(id, '2026-01-01T03:00:00Z'); // the first look: whatever is there counts as new, once
    await renew('2026-01-01T04:00:00Z', { customer: id });
    await look(id, '2026-01-02T03:00:00Z');
    await renew('2026-01-02T04:00:00Z', { customer: id });
    const before = (await story(id)).payments.length;
    expect(taken(stripe).times).toBe(0);
    changeCard(world, stripe, 'pm_card_visa');
    await look(id, '2026-01-03T03:00:00Z');
    await renew('2026-01-03T04:00:00Z', { customer: id });
    expect(await story(id)).toMatchObject({ status: 'active', invoices: [{ status: 'paid' }] });
    expect((await story(id)).payments).toHaveLength(before + 1);
    expect(taken(stripe)).toEqual({ times: 1, cents: 2999 });
  });
});

it('a webhook about a new card is enough', async () => {
  const { id, stripe } = await payer('pm_card_visa_chargeDeclinedLostCard', '2026-01-01T00:00:00Z');
  await subscribe(id, '2026-01-01T00:00:00Z');
  await look(id, '2026-01-01T01:00:00Z');
  await renew('2026-01-01T02:00:00Z', { customer: id });
  const known = new Set(world.events().map((event) => event.id));
  changeCard(world, stripe, 'pm_card_visa');
  const events = world.events().filter((event) => !known.has(event.id));
  expect(events.map(({ type }) => type)).toEqual(['payment_method.attached', 'customer.updated']);
  await deliver(sql, account, events, new Date('2026-01-02T00:00:00Z'));
  await renew('2026-01-02T00:01:00Z', { customer: id });
  expect(await story(id)).toMatchObject({ status: 'active', invoices: [{ status: 'paid' }] });
});

describe('invoices charge', () => {
  const typed = (line: string, at: string) => subctl([...line.split(' '), '--as-of', at], { env });
  const numberOf = async (customer: string) => {
    const [row] = await sql<
      { number: string }[]
    >`select number from subctl.invoices where customer_id = ${customer} order by number desc limit 1`;
    return row!.number;
  };

  it('tries now what was declined for good: declined is exit 4, paid recovers, and again is refused', async () => {
    const { id, stripe } = await payer('pm_card_visa_chargeDeclinedLostCard', '2026-01-01T00:00:00Z');
    await subscribe(id, '2026-01-01T00:00:00Z');
    await renew('2026-01-01T02:00:00Z', { customer: id });
    const number = await numberOf(id);
    expect(await typed(`invoices charge ${number} --dry-run`, '2026-01-02T00:00:00Z')).toMatchObject({
      code: 0,
    });
    expect((await story(id)).payments).toHaveLength(1);
    expect(await typed(`invoices charge ${number}`, '2026-01-02T00:00:00Z')).toMatchObject({ code: 4 });
    expect((await story(id)).payments).toHaveLength(2);
    changeCard(world, stripe, 'pm_card_visa');
    const done = await typed(`invoices charge ${number} --json`, '2026-01-02T01:00:00Z');
    expect(JSON.parse(done.stdout)).toMatchObject({
      payment_status: 'paid',
      status: 'paid',
      subscription_status: 'active',
    });
    expect(await typed(`invoices charge ${number}`, '2026-01-02T02:00:00Z')).toMatchObject({ code: 4 });
    expect(taken(stripe)).toEqual({ times: 1, cents: 2999 });
    const audited =
      await sql`select 1 from subctl.changes c join subctl.audit_log a on a.change_id = c.id where c.action = 'invoices charge' and a.customer_id = ${id}`;
    expect(audited.length).toBeGreaterThan(0);
  });

  it('charges one that was sent to be paid by hand, and sends the customer to the bank with exit 7', async () => {
    const { id, stripe } = await payer('pm_card_visa', '2026-01-01T00:00:00Z');
    await assign(sql, '2026-01-01T00:00:00Z', { customer: id, plan: 'pro' });
    expect(await typed(`invoices charge ${await numberOf(id)}`, '2026-01-01T01:00:00Z')).toMatchObject({
      code: 0,
    });
    expect(taken(stripe).times).toBe(1);
    const other = await payer('pm_card_authenticationRequired', '2026-01-01T00:00:00Z');
    await assign(sql, '2026-01-01T00:00:00Z', { customer: other.id, plan: 'pro' });
    const sent = await typed(`invoices charge ${await numberOf(other.id)}`, '2026-01-01T01:00:00Z');
    expect(sent).toMatchObject({ code: 7 });
    expect(sent.stderr).toContain('https://hooks.stripe.test/3ds/');
  });

  it('whose answer is lost is looked up first by the next, and takes the money once', async () => {
    const { id, stripe } = await payer('pm_card_visa', '2026-01-01T00:00:00Z');
    await subscribe(id, '2026-01-01T00:00:00Z');
    const number = await numberOf(id);
    faults.plan({ kind: 'lost', line: /POST \/v1\/payment_intents$/, times: 3 });
    const lost = await typed(`invoices charge ${number}`, '2026-01-01T01:00:00Z');
    expect(lost).toMatchObject({ code: 6 });
    faults.clear();
    expect(taken(stripe).times).toBe(1);
    const runs = await Promise.all([
      ...Array.from({ length: 4 }, () =>
        renew('2026-01-01T02:00:00Z', { customer: id }).catch(() => undefined),
      ),
      typed(`invoices charge ${number}`, '2026-01-01T02:00:00Z'),
    ]);
    expect(runs).toHaveLength(5);
    await renew('2026-01-01T03:00:00Z', { customer: id });
    expect(taken(stripe)).toEqual({ times: 1, cents: 2999 });
    expect(await story(id)).toMatchObject({
      status: 'active',
      invoices: [{ status: 'paid' }],
      payments: [{ status: 'paid' }],
    });
  });

  it('at once from five terminals, and beside the task, takes the money once', async () => {
    const { id, stripe } = await payer('pm_card_visa', '2026-01-01T00:00:00Z');
    await subscribe(id, '2026-01-01T00:00:00Z');
    const number = await numberOf(id);
    await Promise.all([
      ...Array.from({ length: 5 }, () => typed(`invoices charge ${number}`, '2026-01-01T01:00:00Z')),
      renew('2026-01-01T01:00:00Z', { customer: id }).catch(() => undefined),
    ]);
    await renew('2026-01-01T02:00:00Z', { customer: id });
    expect(taken(stripe)).toEqual({ times: 1, cents: 2999 });
    expect(await story(id)).toMatchObject({ invoices: [{ status: 'paid' }] });
  });
});
