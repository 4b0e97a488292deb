import { beforeAll, describe, expect, it } from 'vitest';
import { failedChecks } from '../integrity/failed-checks.ts';
import { paying } from '../billing/paying.ts';
import { closeDispute, createDispute, createRefund, failRefund } from '../stripe-server/charges.ts';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { loadLadder } from '../support/plans.ts';
import { deliver, openTestStripe, reconcileAll } from './fixture.ts';

const { sql, env: bare } = await testDatabase();
const { world, payer, subscribe, renew, env: keys } = await paying(sql);
const account = openTestStripe(keys.STRIPE_API_URL);
const env = { ...bare, ...keys };
beforeAll(() => loadLadder(sql));

const noon = '2026-01-02T12:00:00Z';
const typed = (line: string) =>
  subctl([...line.split(' '), ...(/^(payments|usage-report)/.test(line) ? [] : ['--as-of', noon])], { env });
const look = (customer: string) => reconcileAll(sql, account, new Date(noon), customer);

/** A customer whose invoice of 29.99 was charged by subctl, with its intent and the number of its invoice. */
async function charged(card = 'pm_card_visa') {
  const { id, stripe } = await payer(card, '2026-01-01T00:00:00Z');
  await subscribe(id, '2026-01-01T00:00:00Z');
  await renew('2026-01-01T02:00:00Z', { customer: id });
  const [intent] = world.list('payment_intent', ({ customer }) => customer === stripe);
  const [row] = await sql<{ number: string }[]>`select number from subctl.invoices where customer_id = ${id}`;
  const known = world.events().length;
  const tell = async (how: string) =>
    how === 'the webhook' ? deliver(sql, account, world.events().slice(known), new Date(noon)) : look(id);
  return { id, intent: intent!, number: row!.number, tell };
}

const paymentOf = async (customer: string) => {
  const listed = await typed(`payments list --customer ${customer} --json`);
  const [{ status, amount, refunded, disputed }] = JSON.parse(listed.stdout) as [Record<string, string>];
  return { status, amount: Number(amount), refunded: Number(refunded), disputed: Number(disputed) };
};
const revenueOf = async () => {
  const shown = await typed('usage-report revenue --from 2026-01-01 --to 2026-02-01 --json');
  const rows = JSON.parse(shown.stdout) as { refunded: string; disputed: string }[];
  const sum = (key: 'refunded' | 'disputed') => rows.reduce((all, row) => all + Number(row[key]), 0);
  return { refunded: sum('refunded'), disputed: sum('disputed') };
};
const isProven = async () => expect(await failedChecks(sql, new Date(noon))).toEqual([]);

describe.each(['the webhook', 'the night alone'])('after %s', (how) => {
  it('S2: a partial refund in the Dashboard is in payments, invoice, revenue and the next refund’s limit', async () => {
    const { id, intent, number, tell } = await charged();
    const before = await revenueOf();
    createRefund(world, { payment_intent: intent.id, amount: '1000' });
    await tell(how);
    expect(await paymentOf(id)).toEqual({
      status: 'partially_refunded',
      amount: 29.99,
      refunded: 10,
      disputed: 0,
    });
    const shown = JSON.parse((await typed(`invoices show ${number} --customer ${id} --json`)).stdout) as {
      refunded: string;
    };
    expect(Number(shown.refunded)).toBe(10);
    expect((await revenueOf()).refunded - before.refunded).toBeCloseTo(10);
    expect(await look(id)).toMatchObject({ differences: [], unread: [] });
    expect(await typed(`invoices refund ${number} --customer ${id} --amount 20 --yes`)).toMatchObject({
      code: 4,
    });
    expect(await typed(`invoices refund ${number} --customer ${id} --yes`)).toMatchObject({ code: 0 });
    expect(await paymentOf(id)).toMatchObject({ status: 'refunded', refunded: 29.99 });
    expect(await look(id)).toMatchObject({ differences: [], unread: [] });
    await isProven();
  });

  it('S13: a refund that succeeded and failed later is followed in payments, revenue and books', async () => {
    const { id, intent, tell } = await charged();
    const before = await revenueOf();
    const refund = createRefund(world, { payment_intent: intent.id });
    await tell(how);
    expect(await paymentOf(id)).toMatchObject({ status: 'refunded', refunded: 29.99 });
    failRefund(world, refund.id);
    await tell(how);
    expect(await paymentOf(id)).toEqual({ status: 'paid', amount: 29.99, refunded: 0, disputed: 0 });
    expect(await sql`select status from subctl.refunds where customer_id = ${id}`).toEqual([
      { status: 'failed' },
    ]);
    expect(await revenueOf()).toEqual(before);
    await isProven();
  });

  it('S20: a lost dispute lowers what was kept, beside refunds; one that is won does not', async () => {
    const { id, intent, number, tell } = await charged();
    const before = await revenueOf();
    const charge = world.get('charge', intent.latest_charge as string);
    const won = createDispute(world, charge);
    closeDispute(world, won.id, 'won');
    await tell(how);
    expect(await paymentOf(id)).toEqual({ status: 'paid', amount: 29.99, refunded: 0, disputed: 0 });
    const lost = createDispute(world, charge);
    await tell(how);
    expect(await paymentOf(id)).toMatchObject({ disputed: 0 });
    closeDispute(world, lost.id, 'lost');
    await tell(how);
    expect(await paymentOf(id)).toEqual({ status: 'paid', amount: 29.99, refunded: 0, disputed: 29.99 });
    const shown = JSON.parse((await typed(`invoices show ${number} --customer ${id} --json`)).stdout) as {
      disputed: string;
    };
    expect(Number(shown.disputed)).toBe(29.99);
    expect((await revenueOf()).disputed - before.disputed).toBeCloseTo(29.99);
    expect(
      await sql`select trim_scale(kept)::text as kept from subctl.net_payments where customer_id = ${id}`,
    ).toEqual([{ kept: '0' }]);
    expect(await typed(`invoices refund ${number} --customer ${id} --yes`)).toMatchObject({ code: 4 });
    await isProven();
  });
});

describe('S2: an intention that the provider refuses for good', () => {
  it('S2: a refund of more than Stripe has left has failed with the reason, and what is left can be given back', async () => {
    const { id, intent, number } = await charged();
    createRefund(world, { payment_intent: intent.id, amount: '1000' });
    const refused = await typed(`invoices refund ${number} --customer ${id} --yes`);
    expect(refused).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('greater than unrefunded amount'),
    });
    const [failed] = await sql`select status, error from subctl.refunds where customer_id = ${id}`;
    expect(failed).toMatchObject({ status: 'failed', error: expect.stringContaining('Stripe refused') });
    expect(await typed(`invoices refund ${number} --customer ${id} --amount 19.99 --yes`)).toMatchObject({
      code: 0,
    });
    await look(id);
    expect(await paymentOf(id)).toMatchObject({ status: 'refunded', refunded: 29.99 });
    expect(await renew(noon, { customer: id })).toMatchObject({ parked: 0 });
    await isProven();
  });

  it('S2: one that was parked at every run of its task ends with the next', async () => {
    const { id, intent } = await charged();
    const [payment] = await sql<{ id: string }[]>`select id from subctl.payments where customer_id = ${id}`;
    await sql`select subctl_internal.start_refund(${id}, ${payment!.id}, 'by-hand', null, null, ${noon}, null)`;
    createRefund(world, { payment_intent: intent.id, amount: '1000' });
    expect(await renew(noon, { customer: id })).toMatchObject({ parked: 0, done: 1 });
    expect(await sql`select status from subctl.refunds where customer_id = ${id}`).toEqual([
      { status: 'failed' },
    ]);
    expect(await renew(noon, { customer: id })).toMatchObject({ parked: 0, done: 0 });
  });

  it('S2: a refund whose answer was lost is not written twice when the mirror sees it first', async () => {
    const { id, intent } = await charged();
    const [payment] = await sql<{ id: string }[]>`select id from subctl.payments where customer_id = ${id}`;
    const [made] = await sql<{ refund: string }[]>`
      select refund from subctl_internal.start_refund(${id}, ${payment!.id}, 'lost', 10, null, ${noon}, null)`;
    createRefund(world, {
      payment_intent: intent.id,
      amount: '1000',
      metadata: { subctl_key: `refund:${made!.refund}` },
    });
    await look(id);
    expect(await sql`select status, reference from subctl.refunds where customer_id = ${id}`).toEqual([
      { status: 'refunded', reference: 'lost' },
    ]);
    expect(await paymentOf(id)).toMatchObject({ status: 'partially_refunded', refunded: 10 });
    await isProven();
  });

  it('S2: money that comes after a decline pays its invoice', async () => {
    const { id, intent, tell } = await charged('pm_card_visa_chargeDeclined');
    Object.assign(intent, { status: 'succeeded', amount_received: 2999, last_payment_error: null });
    const [charge] = world.list('charge', ({ payment_intent: of }) => of === intent.id);
    Object.assign(charge!, { status: 'succeeded', paid: true, amount_captured: 2999 });
    world.emit('payment_intent.succeeded', intent, world.now);
    await tell('the webhook');
    expect(await sql`select status from subctl.invoices where customer_id = ${id}`).toEqual([
      { status: 'paid' },
    ]);
    expect(await paymentOf(id)).toMatchObject({ status: 'paid', amount: 29.99 });
    await isProven();
  });
});
