import { beforeAll, describe, expect, it } from 'vitest';
import { runChecks } from '../../src/integrity/run-checks.ts';
import { inTransaction } from '../../src/database/transaction.ts';
import { createCustomer } from '../stripe-server/customers.ts';
import { changeCard } from '../stripe-server/methods.ts';
import { createSubscription } from '../stripe-server/subscriptions.ts';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { loadLadder } from '../support/plans.ts';
import { paying } from './paying.ts';

const { sql, env: bare } = await testDatabase();
const { world, payer, renew, taken, env: keys } = await paying(sql);
const typed = (line: string, at: string) =>
  subctl([...line.split(' '), '--as-of', at], { env: { ...bare, ...keys } });

/** price of a seat; what three cost; what two more cost for 21 of 31 days; all of it in the provider's smallest unit */
const currencies = [
  { currency: 'JPY', price: '1000', three: '3000', more: '1355', minor: 4355, part: '5', partMinor: 5 },
  {
    currency: 'ISK',
    price: '1500',
    three: '4500',
    more: '2032',
    minor: 653_200,
    part: '10',
    partMinor: 1000,
  },
  { currency: 'MGA', price: '5000', three: '15000', more: '6774', minor: 21_774, part: '7', partMinor: 7 },
  {
    currency: 'KWD',
    price: '3.125',
    three: '9.38',
    more: '4.23',
    minor: 13_610,
    part: '0.01',
    partMinor: 10,
  },
  { currency: 'USD', price: '9.99', three: '29.97', more: '13.53', minor: 4350, part: '0.01', partMinor: 1 },
] as const;

beforeAll(async () => {
  await loadLadder(sql);
  await sql`
    insert into subctl.plans (id, name, rank, active, is_default, fallback, current_version, created_at) values ('seats', 'Seats', 12, true, false, 'none', 1, '2025-01-01')`;
  await sql`insert into subctl.plan_versions (plan_id, version, created_at, per_seat) values ('seats', 1, '2025-01-01', true)`;
  for (const { currency, price } of currencies)
    await sql`insert into subctl.plan_prices (plan_id, version, "interval", currency, amount) values ('seats', 1, '1mo', ${currency}, ${price})`;
  await sql`select subctl_internal.compile_all()`;
});

describe('N15 R27: currencies of no, two and three decimals, through orders, seats, renewals and refunds', () => {
  it.each(currencies)('$currency is charged and given back in what the provider counts in', async (row) => {
    const { currency, three, more, minor, part, partMinor } = row;
    const { id, stripe } = await payer('pm_card_visa', '2026-01-01T00:00:00Z');
    expect(
      await typed(
        `assign ${id} seats --seats 3 --currency ${currency} --collection charge`,
        '2026-01-01T00:00:00Z',
      ),
    ).toMatchObject({ code: 0 });
    expect(await typed(`subscriptions seats ${id} 5`, '2026-01-11T00:00:00Z')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('5 seats') as string,
    });
    const invoices = await sql<{ number: string; total: string }[]>`
      select number, trim_scale(total)::text as total from subctl.invoices where customer_id = ${id} order by number`;
    expect(invoices.map(({ total }) => total)).toEqual([three, more]);
    expect(taken(stripe)).toEqual({ times: 2, cents: minor });
    const preview = await typed(`invoices preview ${id} --json`, '2026-01-12T00:00:00Z');
    await renew('2026-02-01T02:00:00Z', { customer: id });
    const [third] = await sql<{ total: string; status: string }[]>`
      select subctl_internal.in_currency(total, currency) as total, status from subctl.invoices where customer_id = ${id} order by number desc limit 1`;
    expect(third).toEqual({ total: (JSON.parse(preview.stdout) as { total: string }).total, status: 'paid' });
    expect(
      await typed(`invoices refund ${invoices[0]!.number} --amount ${part} --yes`, '2026-02-02T00:00:00Z'),
    ).toMatchObject({ code: 0 });
    expect(await typed(`invoices refund ${invoices[0]!.number} --yes`, '2026-02-02T00:00:00Z')).toMatchObject(
      { code: 0 },
    );
    const refunds = world
      .list('refund', ({ charge }) => world.get('charge', charge as string).customer === stripe)
      .map(({ amount }) => amount);
    expect(refunds).toEqual([
      world.list('charge', ({ customer }) => customer === stripe).at(-1)!.amount - partMinor,
      partMinor,
    ]);
  });

  it('what the provider could not give back is not begun', async () => {
    const { id } = await payer('pm_card_visa', '2026-01-01T00:00:00Z');
    await typed(`assign ${id} seats --seats 3 --currency KWD --collection charge`, '2026-01-01T00:00:00Z');
    const [row] = await sql<
      { number: string }[]
    >`select number from subctl.invoices where customer_id = ${id}`;
    expect(
      await typed(`invoices refund ${row!.number} --amount 0.005 --yes`, '2026-01-02T00:00:00Z'),
    ).toMatchObject({ code: 4 });
    expect(await sql`select 1 from subctl.refunds where customer_id = ${id}`).toEqual([]);
  });

  it.each(['MGA', 'ISK'])(
    'a payment of Stripe’s own in %s is given back whole, and no more',
    async (currency) => {
      const { id, stripe } = await payer('pm_card_visa', '2026-01-01T00:00:00Z');
      const product = await import('../stripe-server/catalogue.ts');
      const made = product.createProduct(world, { name: 'Seats' });
      const price = product.createPrice(world, {
        product: made.id,
        currency: currency.toLowerCase(),
        unit_amount: '500000',
        recurring: { interval: 'month' },
      });
      await sql`update subctl.plan_prices set stripe_price_id = ${price.id}, amount = ${currency === 'MGA' ? '500000' : '5000'} where plan_id = 'seats' and currency = ${currency}`;
      createSubscription(world, { customer: stripe, items: [{ price: price.id, quantity: '1' }] });
      expect(await typed(`stripe adopt ${id} ${stripe}`, '2026-01-01T00:00:00Z')).toMatchObject({ code: 0 });
      const [row] = await sql<
        { number: string; total: string }[]
      >`select number, trim_scale(total)::text as total from subctl.invoices where customer_id = ${id}`;
      expect(row!.total).toBe(currency === 'MGA' ? '500000' : '5000');
      expect(
        await typed(
          `invoices refund ${row!.number} --customer ${id} --amount ${currency === 'MGA' ? '100' : '1'} --yes`,
          '2026-01-02T00:00:00Z',
        ),
      ).toMatchObject({ code: 0 });
      expect(world.list('refund')[0]).toMatchObject({ amount: 100 });
    },
  );

  it('R45: and the books are right', async () => {
    createCustomer(world, {});
    changeCard(world, world.list('customer')[0]!.id, 'pm_card_visa');
    const found = await inTransaction(sql, (tx) => runChecks(tx, { now: new Date('2026-02-03T00:00:00Z') }), {
      readOnly: true,
    });
    expect(
      found.filter(
        ({ count, check }) => count > 0 && !/credits|grants|windows|parked|jobs|plans|audit/.test(check),
      ),
    ).toEqual([]);
  });
});
