import { beforeAll, describe, expect, it } from 'vitest';
import { placeOrder } from '../../src/billing/order.ts';
import { runChecks } from '../../src/integrity/run-checks.ts';
import { inTransaction } from '../../src/database/transaction.ts';
import { asTester } from '../support/catalogue.ts';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, loadLadder } from '../support/plans.ts';
import { paying } from './paying.ts';

const { sql, env: bare } = await testDatabase();
const { world, payer, subscribe, renew, taken, story, env: keys } = await paying(sql);
const typed = (line: string, at: string) =>
  subctl([...line.split(' '), '--as-of', at], { env: { ...bare, ...keys } });

beforeAll(async () => {
  await loadLadder(sql);
  await sql`
    insert into subctl.plans (id, name, rank, active, is_default, fallback, current_version, created_at) values ('cheap', 'Cheap', 7, true, false, 'none', 1, '2025-01-01')`;
  await sql`insert into subctl.plan_versions (plan_id, version, created_at) values ('cheap', 1, '2025-01-01')`;
  await sql`
    insert into subctl.plan_prices (plan_id, version, "interval", currency, amount) values
      ('cheap', 1, '1mo', 'USD', 0.30), ('cheap', 1, '1mo', 'IRR', 29.99), ('cheap', 1, '1mo', 'JPY', 60)`;
  await sql`select subctl_internal.compile_all()`;
});

describe('defect 65: a price has its currency, and one below what the provider takes is refused by name', () => {
  it('an order for it begins nothing, takes nothing, and does not stand in the way of another', async () => {
    const { id, stripe } = await payer('pm_card_visa', '2026-01-01T00:00:00Z');
    const refused = await typed(`assign ${id} cheap --collection charge`, '2026-01-01T01:00:00Z');
    expect(refused).toMatchObject({ code: 4 });
    expect(refused.stderr).toContain('Amount must be at least');
    expect(await sql`select 1 from subctl.subscriptions where customer_id = ${id}`).toEqual([]);
    expect(await typed(`assign ${id} pro --collection charge`, '2026-01-01T02:00:00Z')).toMatchObject({
      code: 0,
    });
    expect(taken(stripe)).toEqual({ times: 1, cents: 2999 });
  });

  it('a renewal of it is parked with the reason, and is neither paid nor lost', async () => {
    const { id, stripe } = await payer('pm_card_visa', '2026-01-01T00:00:00Z');
    await subscribe(id, '2026-01-01T00:00:00Z', 'cheap');
    expect(await renew('2026-01-01T02:00:00Z', { customer: id })).toMatchObject({ parked: 1, done: 0 });
    const [parked] = await sql`select last_error as why from subctl.parked where customer_id = ${id}`;
    expect(parked!['why']).toContain('Amount must be at least');
    expect(await story(id)).toMatchObject({ invoices: [{ status: 'open', total: '0.3' }] });
    expect(taken(stripe).times).toBe(0);
  });

  it('29.99 in one currency is never 29.99 in another: the invoice, the charge and the report say which', async () => {
    const { id, stripe } = await payer('pm_card_visa', '2026-01-01T00:00:00Z');
    expect(
      await typed(`assign ${id} cheap --currency JPY --collection charge`, '2026-01-01T01:00:00Z'),
    ).toMatchObject({ code: 0 });
    const [charge] = world.list('charge', ({ customer }) => customer === stripe);
    expect(charge).toMatchObject({ amount: 60, currency: 'jpy' });
    await addOne(sql, { id: 'rial' });
    await typed('assign rial cheap --currency IRR', '2026-01-01T01:00:00Z');
    expect(
      await sql`select trim_scale(total)::text as total, currency from subctl.invoices where customer_id = 'rial'`,
    ).toEqual([{ total: '29.99', currency: 'IRR' }]);
    for (const price of ['1mo=29.99TOMAN', '1mo=29.99Rial'])
      expect((await subctl(['plans', 'create', 'vague', '--price', price], { env: bare })).code, price).toBe(
        2,
      );
  });
});

it('an order that broke off before Stripe heard of it is given up after a day, and nobody is charged for it', async () => {
  const { id, stripe } = await payer('pm_card_visa', '2026-01-01T00:00:00Z');
  await asTester(
    sql,
    (tx, change) =>
      placeOrder(tx, change, {
        asked: { customer: id, plan: 'pro', collection: 'charge' },
        provider: 'stripe',
      }),
    new Date('2026-01-01T01:00:00Z'),
  );
  await renew('2026-01-03T01:00:00Z', { customer: id });
  expect(taken(stripe).times).toBe(0);
  expect(await story(id)).toMatchObject({ status: undefined, payments: [{ status: 'declined' }] });
});

it('R45: two payments of one invoice are a fault of the books until one of them is given back', async () => {
  const { id } = await payer('pm_card_visa', '2026-01-01T00:00:00Z');
  await subscribe(id, '2026-01-01T00:00:00Z');
  await renew('2026-01-01T02:00:00Z', { customer: id });
  const wrong = async () =>
    (
      await inTransaction(sql, (tx) => runChecks(tx, { now: new Date('2026-01-04T00:00:00Z') }), {
        readOnly: true,
      })
    ).find(({ check }) => check === 'payments')!.count;
  expect(await wrong()).toBe(0);
  await sql`
    insert into subctl.payments (customer_id, id, invoice_id, provider, reference, status, amount, amount_minor, currency, attempt, at)
    select customer_id, gen_random_uuid(), invoice_id, 'manual', 'TWICE', 'paid', amount, amount_minor, currency, 2, at from subctl.payments where customer_id = ${id}`;
  expect(await wrong()).toBe(1);
  const [row] = await sql<{ number: string }[]>`select number from subctl.invoices where customer_id = ${id}`;
  expect(await typed(`invoices refund ${row!.number} --yes`, '2026-01-03T00:00:00Z')).toMatchObject({
    code: 0,
  });
  expect(await wrong()).toBe(0);
});
