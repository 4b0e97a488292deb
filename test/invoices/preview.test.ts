import { beforeAll, describe, expect, it } from 'vitest';
import { previewInvoice } from '../../src/subscriptions/preview-invoice.ts';
import { cancelSubscription } from '../../src/subscriptions/cancel.ts';
import { asTester } from '../support/catalogue.ts';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, assign, loadLadder } from '../support/plans.ts';
import { handsOn } from './world.ts';

const { sql, env } = await testDatabase();
const { night } = handsOn(sql);

beforeAll(async () => {
  await loadLadder(sql);
  await sql`
    insert into subctl.plans (id, name, rank, active, is_default, fallback, current_version, created_at)
    values ('metered', 'Metered', 11, true, false, 'default', 1, '2025-01-01'), ('dinars', 'Dinars', 12, true, false, 'none', 1, '2025-01-01')`;
  await sql`
    insert into subctl.plan_versions (plan_id, version, created_at, per_seat) values ('metered', 1, '2025-01-01', true), ('dinars', 1, '2025-01-01', false)`;
  await sql`
    insert into subctl.plan_prices (plan_id, version, "interval", currency, amount) values ('metered', 1, '1mo', 'USD', 10.00), ('dinars', 1, '1mo', 'KWD', 3.125)`;
  await sql`
    insert into subctl.plan_limits (plan_id, version, meter_id, "window", limit_value, enforcement, overage_price, overage_per)
    values ('metered', 1, 'messages', 'period', 100, 'overage', 0.25, 10), ('dinars', 1, 'messages', 'period', 1, 'overage', 0.0005, 1)`;
  await sql`select subctl_internal.compile_all()`;
});

const pay = (customer: string, at: string) => sql`
  select subctl_internal.pay_invoice(customer_id, id, 'manual', number, total, ${at}, ${at}, 'test') from subctl.invoices where customer_id = ${customer} and status = 'open'`;
const begin = async (customer: string, plan = 'metered', more = {}) => {
  await addOne(sql, { id: customer });
  await assign(sql, '2026-01-01T00:00:00Z', { customer, plan, ...more });
  await pay(customer, '2026-01-01T00:00:00Z');
};
const use = (customer: string, at: string, quantity: number) =>
  sql`select subctl.record_usage(${customer}, 'message', at => ${at}::timestamptz, as_of => ${at}::timestamptz, quantity => ${quantity})`;
const preview = async (customer: string, now: string) => {
  const { invoice, at } = await previewInvoice(sql, { customer, now: new Date(now) });
  return (
    invoice && {
      at,
      total: invoice.total,
      lines: invoice.lines.map(({ kind, amount }) => `${kind} ${amount}`),
    }
  );
};
const invoices = (customer: string) => sql`
  select right(number, 4) as n, status, trim_scale(total)::text as total, due_at from subctl.invoices where customer_id = ${customer} order by number`;

describe('a preview', () => {
  it('is the next invoice, line by line, and leaves nothing behind', async () => {
    await sql`
      insert into subctl.discounts (code, kind, amount, periods, created_at) values ('TENTH', 'percent', 10, null, '2025-01-01')`;
    await begin('ann', 'metered', { seats: 3, discount: 'TENTH' });
    await assign(sql, '2026-01-10T00:00:00Z', {
      customer: 'ann',
      plan: 'metered',
      seats: 2,
      seatsOnly: true,
    });
    await use('ann', '2026-01-20T00:00:00Z', 135);
    const before =
      await sql`select (select count(*) from subctl.invoices)::int as invoices, (select count(*) from subctl.changes)::int as changes`;
    const shown = await preview('ann', '2026-01-21T00:00:00Z');
    // two seats at 10, 35 beyond at 0.25 for ten (0.875), a tenth off 20.875: 18.7875
    expect(shown).toEqual({
      at: new Date('2026-02-01T00:00:00Z'),
      total: '18.79',
      lines: ['plan 20', 'overage 0.88', 'discount -2.09'],
    });
    expect(
      await sql`select (select count(*) from subctl.invoices)::int as invoices, (select count(*) from subctl.changes)::int as changes`,
    ).toEqual(before);
    await night('2026-02-01T02:00:00Z');
    expect((await invoices('ann')).at(-1)).toMatchObject({ n: '0002', total: '18.79' });
  });

  it('says what a trial, a plan that waits, and an invoice that is open come to', async () => {
    await addOne(sql, { id: 'tim' });
    await assign(sql, '2026-01-01T00:00:00Z', { customer: 'tim', plan: 'trial' });
    expect(await preview('tim', '2026-01-02T00:00:00Z')).toMatchObject({
      at: new Date('2026-01-15T00:00:00Z'),
      total: '10',
    });
    await begin('dee', 'max');
    await assign(sql, '2026-01-02T00:00:00Z', { customer: 'dee', plan: 'pro' });
    expect(await preview('dee', '2026-01-03T00:00:00Z')).toMatchObject({
      total: '29.99',
      lines: ['plan 29.99'],
    });
    await addOne(sql, { id: 'owe' });
    await assign(sql, '2026-01-01T00:00:00Z', { customer: 'owe', plan: 'pro' });
    expect(await preview('owe', '2026-01-20T00:00:00Z')).toMatchObject({ total: '29.99' }); // past due by then
  });

  it('from the command line: lines for people, a record for programs, and nothing where nothing is asked', async () => {
    const typed = await subctl(['invoices', 'preview', 'dee', '--as-of', '2026-01-03T00:00:00Z', '--json'], {
      env,
    });
    expect(JSON.parse(typed.stdout)).toMatchObject({
      customer: 'dee',
      issued_at: '2026-02-01T00:00:00.000Z',
      total: '29.99',
      currency: 'USD',
      lines: [{ kind: 'plan', amount: '29.99' }],
    });
    await addOne(sql, { id: 'fay' });
    await assign(sql, '2026-01-01T00:00:00Z', { customer: 'fay', plan: 'free' });
    const none = await subctl(['invoices', 'preview', 'fay', '--as-of', '2026-01-03T00:00:00Z'], { env });
    expect(none).toMatchObject({ code: 0 });
    expect(none.stderr).toContain('fay owes nothing at');
    expect(await subctl(['invoices', 'preview', 'nobody'], { env })).toMatchObject({ code: 3 });
  });
});

describe('N19: the last period of a subscription that ends', () => {
  it('has an invoice of its own for what was used beyond a limit, once', async () => {
    await begin('eva');
    await use('eva', '2026-01-20T00:00:00Z', 135);
    await asTester(
      sql,
      (tx, change) => cancelSubscription(tx, change, { customer: 'eva', atOnce: false }),
      new Date('2026-01-21T00:00:00Z'),
    );
    expect(await preview('eva', '2026-01-22T00:00:00Z')).toMatchObject({
      total: '0.88',
      lines: ['overage 0.88'],
    });
    for (const at of ['2026-02-01T02:00:00Z', '2026-02-02T02:00:00Z', '2026-03-02T02:00:00Z'])
      await night(at);
    expect(await invoices('eva')).toMatchObject([
      { n: '0001', status: 'paid', total: '10' },
      { n: '0002', status: 'open', total: '0.88' },
    ]);
  });

  it('that ends now is asked for now, and without such use nothing is', async () => {
    await begin('flo');
    await begin('gil');
    await use('flo', '2026-01-20T00:00:00Z', 120);
    for (const customer of ['flo', 'gil'])
      await asTester(
        sql,
        (tx, change) => cancelSubscription(tx, change, { customer, atOnce: true }),
        new Date('2026-01-21T00:00:00Z'),
      );
    expect((await invoices('flo')).map(({ total }) => total as string)).toEqual(['10', '0.5']);
    expect(await invoices('gil')).toHaveLength(1);
  });

  it('that rounds to nothing in its currency is paid at once', async () => {
    await begin('kay', 'dinars');
    await use('kay', '2026-01-20T00:00:00Z', 1);
    await use('kay', '2026-01-21T00:00:00Z', 3);
    expect(await preview('kay', '2026-01-22T00:00:00Z')).toMatchObject({
      total: '3.127',
      lines: ['plan 3.125', 'overage 0.002'],
    });
    await begin('lou', 'dinars');
    await sql`update subctl.plan_limits set overage_price = 0.0001 where plan_id = 'dinars'`;
    await use('lou', '2026-01-21T00:00:00Z', 2);
    await asTester(
      sql,
      (tx, change) => cancelSubscription(tx, change, { customer: 'lou', atOnce: true }),
      new Date('2026-01-22T00:00:00Z'),
    );
    expect((await invoices('lou')).at(-1)).toMatchObject({ status: 'paid', total: '0' });
  });
});
