import { beforeAll, describe, expect, it } from 'vitest';
import { inTransaction } from '../../src/database/transaction.ts';
import { runChecks } from '../../src/integrity/run-checks.ts';
import { listBilledPeriods } from '../../src/invoices/billing-history.ts';
import { showInvoice } from '../../src/invoices/show.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, assign, loadLadder } from '../support/plans.ts';
import { handsOn } from './world.ts';

const { sql } = await testDatabase();
const { pay, takeBack, giveBack, night, numbers, statusOf } = handsOn(sql);
beforeAll(() => loadLadder(sql));

let count = 0;
const onPro = async (at = '2026-01-31T12:00:00Z') => {
  const id = `c${++count}`;
  await addOne(sql, { id }, new Date(at));
  await assign(sql, at, { customer: id, plan: 'pro' });
  return { id, number: (await numbers(id))[0]! };
};
const segments = async (customer: string) =>
  sql`select cause, status, from_at from subctl.subscription_phases where customer_id = ${customer} order by from_at`;

describe('a payment by hand', () => {
  it('N16: is noted under its reference; the same again changes nothing, for another invoice it is a conflict', async () => {
    const [ann, bob] = [await onPro(), await onPro()];
    expect(await pay('2026-02-01T00:00:00Z', ann.number, 'BANK-1')).toMatchObject({
      status: 'paid',
      changed: true,
      total: '29.99',
      paid_at: new Date('2026-02-01T00:00:00Z'),
    });
    expect(await pay('2026-02-02T00:00:00Z', ann.number, 'BANK-1')).toMatchObject({
      changed: false,
      replayed: true,
    });
    await expect(pay('2026-02-02T00:00:00Z', bob.number, 'BANK-1')).rejects.toThrow(
      /belongs to a payment of 29.99 USD/,
    );
    await expect(pay('2026-02-02T00:00:00Z', ann.number, 'BANK-2')).rejects.toThrow(
      `Invoice ${ann.number} is paid`,
    );
    // another provider may count as it likes
    await pay('2026-02-02T00:00:00Z', bob.number, 'BANK-1', { provider: 'paypal' });
    const rows =
      await sql`select amount_minor::text, status from subctl.payments where customer_id in (${ann.id}, ${bob.id})`;
    expect(rows).toEqual([
      { amount_minor: '2999', status: 'paid' },
      { amount_minor: '2999', status: 'paid' },
    ]);
  });

  it('defect 62: two zero-price activations never fight over one reference, for nothing is owed', async () => {
    for (const id of ['z1', 'z2']) {
      await addOne(sql, { id });
      await assign(sql, '2026-01-01T00:00:00Z', { customer: id, plan: 'free' });
      expect(await numbers(id)).toEqual([]);
    }
  });

  it('is the whole, neither less nor more, and never from the future', async () => {
    const { number } = await onPro();
    for (const amount of ['29.98', '30.00', '0'])
      await expect(pay('2026-02-01T00:00:00Z', number, `X-${amount}`, { amount })).rejects.toThrow(
        /is 29.99 USD/,
      );
    await expect(
      pay('2026-02-01T00:00:00Z', number, 'X', { at: new Date('2026-02-02T00:00:00Z') }),
    ).rejects.toThrow(/is in the future/);
    await pay('2026-02-01T00:00:00Z', number, 'X-1', { amount: '29.990' });
  });

  it('twenty at once with one reference pay once, and twenty with twenty references pay once', async () => {
    const [one, many] = [await onPro(), await onPro()];
    const same = await Promise.all(
      Array.from({ length: 20 }, () => pay('2026-02-01T00:00:00Z', one.number, 'SAME')),
    );
    expect(same.filter(({ changed }) => changed)).toHaveLength(1);
    const apart = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) => pay('2026-02-01T00:00:00Z', many.number, `APART-${n}`)),
    );
    expect(apart.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const [sums] =
      await sql`select count(*)::int as n, sum(amount)::text as sum from subctl.payments where customer_id in (${one.id}, ${many.id})`;
    expect(sums).toEqual({ n: 2, sum: '59.98' });
  });
});

describe('R35: an invoice that nobody pays', () => {
  it('is past due after net days, over after grace, and what was owed is uncollectible; each step dated', async () => {
    const { id, number } = await onPro('2026-01-01T09:30:00Z');
    await night('2026-01-15T09:29:59Z');
    expect(await statusOf(id)).toBe('active');
    await night('2026-01-16T02:00:00Z');
    expect(await segments(id)).toMatchObject([
      { cause: 'new' },
      { cause: 'past_due', status: 'past_due', from_at: new Date('2026-01-15T09:30:00Z') },
    ]);
    await night('2026-01-23T02:00:00Z');
    expect((await segments(id))[2]).toMatchObject({
      status: 'expired',
      from_at: new Date('2026-01-22T09:30:00Z'),
    });
    expect(await showInvoice(sql, { number, now: new Date('2026-01-24T00:00:00Z') })).toMatchObject({
      status: 'uncollectible',
      due: '29.99',
    });
    // money that comes after the end is written down, and begins nothing
    const late = await pay('2026-01-30T00:00:00Z', number, 'LATE');
    expect(late.sentence).toContain(`has ended. Start a new one: subctl assign ${id} pro`);
    expect(
      await sql`select plan_id, status from subctl_internal.effective_subscription(${id}, '2026-01-30T01:00:00Z')`,
    ).toMatchObject([{ plan_id: 'free' }]);
  });

  it('paid late within grace: recovery returns to the anchor, and the missed period is billed once', async () => {
    const { id, number } = await onPro('2026-01-31T12:00:00Z');
    await night('2026-02-15T02:00:00Z');
    expect(await statusOf(id)).toBe('past_due');
    expect(await pay('2026-02-20T00:00:00Z', number, 'REC')).toMatchObject({
      recovered: true,
      subscription_status: 'active',
    });
    expect((await segments(id)).at(-1)).toMatchObject({
      cause: 'recovery',
      from_at: new Date('2026-02-20T00:00:00Z'),
    });
    await night('2026-03-01T02:00:00Z');
    const renewals =
      await sql`select period_start, period_end, outcome from subctl.renewals where customer_id = ${id}`;
    expect(renewals).toMatchObject([
      {
        period_start: new Date('2026-02-28T12:00:00Z'),
        period_end: new Date('2026-03-31T12:00:00Z'),
        outcome: 'invoiced',
      },
    ]);
  });

  it('void of what was due recovers too, and the number stays used', async () => {
    const { id, number } = await onPro('2026-01-01T00:00:00Z');
    await night('2026-01-16T02:00:00Z');
    expect(await takeBack('2026-01-17T00:00:00Z', number)).toMatchObject({ status: 'void', recovered: true });
    expect(await takeBack('2026-01-17T00:00:00Z', number)).toMatchObject({ changed: false });
    expect(await statusOf(id)).toBe('active');
    await night('2026-02-02T02:00:00Z');
    expect(await numbers(id)).toEqual([number, number.replace('0001', '0002')]);
    await expect(pay('2026-02-03T00:00:00Z', number, 'V')).rejects.toThrow('is void');
  });
});

describe('N14: a refund', () => {
  it('is a part or the whole, never more than came, and the same reference gives back once', async () => {
    const { number } = await onPro();
    await expect(giveBack('2026-02-01T00:00:00Z', number)).rejects.toThrow('has no payment to refund');
    await pay('2026-02-01T00:00:00Z', number, `R-${number}`);
    await expect(takeBack('2026-02-02T00:00:00Z', number)).rejects.toThrow('can only be refunded');
    expect(await giveBack('2026-02-02T00:00:00Z', number, { amount: '10', reference: 'A' })).toMatchObject({
      refunded: '10',
      paid: '29.99',
    });
    expect(await giveBack('2026-02-02T00:00:00Z', number, { amount: '10', reference: 'A' })).toMatchObject({
      changed: false,
    });
    await expect(giveBack('2026-02-02T00:00:00Z', number, { amount: '11', reference: 'A' })).rejects.toThrow(
      'belongs to a refund of 10',
    );
    await expect(giveBack('2026-02-03T00:00:00Z', number, { amount: '20' })).rejects.toThrow(
      'at most 19.99 can be refunded',
    );
    await expect(giveBack('2026-02-03T00:00:00Z', number, { amount: '0.001' })).rejects.toThrow(
      'has too many decimals for USD',
    );
    expect(await giveBack('2026-02-03T00:00:00Z', number)).toMatchObject({
      refunded: '29.99',
      amount: '19.99',
    });
    await expect(giveBack('2026-02-04T00:00:00Z', number)).rejects.toThrow('at most 0 can be refunded');
    expect(await showInvoice(sql, { number, now: new Date('2026-03-01T00:00:00Z') })).toMatchObject({
      status: 'paid',
      paid: '29.99',
      refunded: '29.99',
      payments: [{ status: 'refunded', refunded: '29.99' }],
    });
  });

  it('thirty at once never give back more than came', async () => {
    const { number, id } = await onPro();
    await pay('2026-02-01T00:00:00Z', number, `S-${number}`);
    await Promise.allSettled(
      Array.from({ length: 30 }, (_, n) =>
        giveBack('2026-02-02T00:00:00Z', number, { amount: '3', reference: `P-${n}` }),
      ),
    );
    const [sum] =
      await sql`select sum(amount)::text as back, count(*)::int as n from subctl.refunds where customer_id = ${id}`;
    expect(sum).toEqual({ back: '27', n: 9 });
  });
});

it('N18: the billing history says base, overage, discount and total of each period', async () => {
  const { id, number } = await onPro('2026-01-31T12:00:00Z');
  await pay('2026-02-01T00:00:00Z', number, 'H-1');
  await night('2026-03-01T00:00:00Z');
  expect(await listBilledPeriods(sql, { customer: id, limit: 10 })).toMatchObject([
    {
      period_start: new Date('2026-02-28T12:00:00Z'),
      base: '29.99',
      overage: '0',
      total: '29.99',
      status: 'open',
      paid: '0',
    },
    {
      period_start: new Date('2026-01-31T12:00:00Z'),
      base: '29.99',
      discount: '0',
      total: '29.99',
      status: 'paid',
      paid: '29.99',
      usage_cost: '0',
    },
  ]);
});

it('R45: after all of it the books are right', async () => {
  const found = await inTransaction(sql, (tx) => runChecks(tx, { now: new Date('2026-03-02T00:00:00Z') }), {
    readOnly: true,
  });
  expect(
    found.filter(
      (check) => check.count > 0 && /invoice|payment|billed|refund|status|segment/.test(check.check),
    ),
  ).toEqual([]);
});
