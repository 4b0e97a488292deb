import { beforeAll, describe, expect, it } from 'vitest';
import { runChecks } from '../../src/integrity/run-checks.ts';
import { inTransaction } from '../../src/database/transaction.ts';
import { testDatabase } from '../support/database.ts';
import { billOf, livesOn, loadPaid } from './paid-world.ts';

const { sql } = await testDatabase();
beforeAll(() => loadPaid(sql));
const { arrive, buys, take, pay, refund, newest, hands } = livesOn(sql);
const creditOf = async (at: string, customer: string, plan = 'pro', about = {}) =>
  billOf(await take(at, customer, plan, about)).lines['unused'];
const invoice = async (number: string) => {
  const [row] = await sql<[{ total: string; status: string }]>`
    select round(total, 2)::text as total, status from subctl.invoices where number = ${number}`;
  return row;
};

describe('R30: what was really paid and kept', () => {
  it('B2: after a full refund an upgrade on the next day costs the whole new price', async () => {
    const customer = await buys('2026-12-01', 'basic', { every: '1y' });
    await refund('2026-12-01T02:00:00Z', await newest(customer));
    const done = billOf(await take('2026-12-02', customer, 'pro', { every: '1y' }));
    expect(done).toMatchObject({ total: '999.90', lines: { plan: '999.90' } });
  });

  it('B2: after a code of 100 % an upgrade on the next day costs the whole new price', async () => {
    const customer = await buys('2026-12-01', 'basic', { every: '1y', discount: 'FULL' });
    expect(billOf(await take('2026-12-02', customer, 'pro', { every: '1y' })).total).toBe('999.90');
  });

  it('B2: what codes took off is not credited: of percent, of an amount, of one period and of several', async () => {
    for (const [discount, credit] of [
      ['HALF', '-10.16'], // 15.00 × 21/31
      ['HALF3', '-10.16'],
      ['TEN', '-13.54'], // 19.99 × 21/31
    ] as const)
      expect(await creditOf('2026-12-11', await buys('2026-12-01', 'basic', { discount }))).toBe(credit);
  });

  it('B2: refunds in several parts are taken off, before the upgrade and by its own invoice', async () => {
    const customer = await buys('2026-12-01', 'basic');
    const number = await newest(customer);
    await refund('2026-12-02', number, '5');
    await refund('2026-12-03', number, '4.99');
    expect(await creditOf('2026-12-11', customer)).toBe('-13.55'); // 20.00 × 21/31
  });

  it('B2: a void before the upgrade, and an invoice that is open', async () => {
    const open = await buys('2026-12-01', 'basic');
    expect(await creditOf('2026-12-11', open)).toBe('-20.32');
    const customer = await arrive('basic');
    await take('2026-12-01', customer, 'basic');
    await hands.takeBack('2026-12-05T00:00:00Z', await newest(customer));
    expect(await creditOf('2026-12-11', customer)).toBeUndefined();
  });

  it('B2: a lost dispute is not kept', async () => {
    const customer = await buys('2026-12-01', 'basic');
    const number = await newest(customer);
    await sql`
      update subctl.payments p set provider_id = ${`pi_${customer}`} from subctl.invoices i
       where i.number = ${number} and p.customer_id = i.customer_id and p.invoice_id = i.id`;
    await sql`
      insert into subctl.disputes (customer_id, id, kind, provider_id, amount, currency, reason, status, at)
      values (${customer}, 'dp_1', 'dispute', ${`pi_${customer}`}, 29.99, 'USD', 'fraudulent', 'lost', '2026-12-05')`;
    expect(await creditOf('2026-12-11', customer)).toBeUndefined();
  });

  it('B2: seats that were added count as they were paid', async () => {
    const seated = async () => {
      const group = await buys('2026-12-01', 'team', { seats: 3 });
      await take('2026-12-11', group, 'team', { seats: 4, seatsOnly: true });
      await pay('2026-12-11', group);
      return group;
    };
    // 29.97 × 11/31 + 6.77 × 11/21
    expect(await creditOf('2026-12-21', await seated(), 'pro', { when: 'now' })).toBe('-14.18');
    const refunded = await seated();
    await refund('2026-12-12', await newest(refunded));
    expect(await creditOf('2026-12-21', refunded, 'pro', { when: 'now' })).toBe('-10.63');
  });

  it('B2: never of the last charge alone: what an upgrade took over counts too', async () => {
    const upgraded = async () => {
      const customer = await buys('2026-12-01', 'basic');
      const first = await newest(customer);
      await take('2026-12-11', customer, 'pro');
      await pay('2026-12-11', customer);
      return { customer, first };
    };
    const { customer } = await upgraded();
    expect(await creditOf('2026-12-21', customer, 'top')).toBe('-67.73'); // 99.99 × 21/31, of a net of 67.75
    const whole = await upgraded();
    await refund('2026-12-12', whole.first);
    expect(await creditOf('2026-12-21', whole.customer, 'top')).toBe('-53.97'); // 79.67 × 21/31
    const part = await upgraded();
    await refund('2026-12-12', part.first, '10');
    expect(await creditOf('2026-12-21', part.customer, 'top')).toBe('-63.14'); // (79.67 + 20.32 × 19.99/29.99) × 21/31
  });

  it('B2: with --anchor keep each charge of the period counts once', async () => {
    const customer = await buys('2026-12-01', 'basic');
    await take('2026-12-11', customer, 'pro', { anchor: 'keep' });
    const second = await pay('2026-12-11', customer);
    const more = { anchor: 'keep' } as const;
    await refund('2026-12-12', second); // 47.42 go back: what is left was paid for basic
    expect(await creditOf('2026-12-21', customer, 'top', more)).toBe('-10.64');
  });
});

describe('R30: an invoice that was credited is voided', () => {
  const upgraded = async (discount?: string) => {
    const customer = await arrive('basic');
    await take('2026-12-01', customer, 'basic');
    const first = await newest(customer);
    await take('2026-12-02', customer, 'pro', discount === undefined ? {} : { discount });
    return { customer, first, second: await newest(customer) };
  };

  it('B2: the open invoice loses the credit: what is asked in the end is 99.99', async () => {
    const { first, second } = await upgraded();
    expect(await invoice(second)).toEqual({ total: '70.97', status: 'open' });
    const done = await hands.takeBack('2026-12-02T01:00:00Z', first);
    expect(done.sentence).toContain(`invoice ${second} loses its credit for unused days`);
    expect(await invoice(second)).toEqual({ total: '99.99', status: 'open' });
    expect(await invoice(first)).toMatchObject({ status: 'void' });
  });

  it('B2: a code of the later invoice takes its part off the whole price then', async () => {
    const { customer, first, second } = await upgraded('HALF');
    expect(await invoice(second)).toMatchObject({ total: '35.48' });
    await hands.takeBack('2026-12-02T01:00:00Z', first);
    expect(await invoice(second)).toMatchObject({ total: '50.00' });
    const [use] = await sql`
      select round(amount, 2)::text as amount from subctl.discount_redemptions where customer_id = ${customer}`;
    expect(use).toEqual({ amount: '49.99' });
  });

  it('B2: is refused where the later invoice is paid, which is named', async () => {
    const { customer, first, second } = await upgraded();
    await pay('2026-12-02', customer);
    await expect(hands.takeBack('2026-12-02T01:00:00Z', first)).rejects.toThrow(
      `Unused days of invoice ${first} were credited on invoice ${second}, which is paid`,
    );
    expect(await invoice(first)).toMatchObject({ status: 'open' });
  });

  it('B2: the books are right after all of it', async () => {
    const found = await inTransaction(sql, (tx) => runChecks(tx, { now: new Date('2026-12-31T00:00:00Z') }));
    expect(found.filter(({ count }) => count > 0)).toEqual([]);
  });
});
