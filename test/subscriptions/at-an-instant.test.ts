import { beforeAll, expect, it } from 'vitest';
import { cancelSubscription } from '../../src/subscriptions/cancel.ts';
import { extendByDays } from '../../src/subscriptions/extend.ts';
import { pauseSubscription } from '../../src/subscriptions/pause.ts';
import { showSubscription } from '../../src/subscriptions/show.ts';
import { listUpcoming } from '../../src/tasks/list-upcoming.ts';
import { runTasks } from '../stories/lives.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, assign, loadLadder } from '../support/plans.ts';

const { sql } = await testDatabase();
beforeAll(() => loadLadder(sql));

let count = 0;
const subscribed = async (plan: string, about: object = {}) => {
  const customer = `at-${++count}`;
  await addOne(sql, { id: customer });
  await assign(sql, '2026-01-01T00:00:00Z', { customer, plan, ...about });
  await sql`update subctl.invoices set status = 'paid', paid_at = issued_at where customer_id = ${customer}`;
  return customer;
};
const plan = (customer: string, to: string, when: Date | 'now' | 'period-end', about: object = {}) =>
  assign(sql, '2026-01-05T00:00:00Z', { customer, plan: to, when, ...about });
const read = async (customer: string, at: string) => {
  const [row] = await sql`
    select plan_id as plan, status, period_start as "from", period_end as "to", trim_scale(subctl_internal.credit_balance(${customer}, ${at}))::text as credits
      from subctl_internal.effective_subscription(${customer}, ${at}::timestamptz)`;
  return row!;
};
const invoices = async (customer: string) => {
  const rows = await sql`
    select trim_scale(i.total)::text as total, i.status, (select json_agg(l.kind || ' ' || trim_scale(l.amount) order by l.position) from subctl.invoice_lines l
             where l.customer_id = i.customer_id and l.invoice_id = i.id) as lines
      from subctl.invoices i where i.customer_id = ${customer} order by i.issued_at, i.id`;
  return rows.map(({ total, status, lines }) => ({
    total: total as string,
    status: status as string,
    lines: lines as string[],
  }));
};
const day = (text: string) => new Date(`${text}T00:00:00Z`);

it('R16: cuts the period that runs short, read by dates and written by the tasks alike', async () => {
  const [late, daily] = [await subscribed('pro'), await subscribed('pro')];
  for (const customer of [late, daily])
    expect(await plan(customer, 'max', day('2026-01-16'))).toMatchObject({
      ...{
        action: 'upgrade_scheduled',
        effective_at: day('2026-01-16'),
        period_end: day('2026-01-16'),
        pending_plan: 'max',
      },
    });
  expect(await read(late, '2026-01-15T23:59:59Z')).toMatchObject({
    plan: 'pro',
    to: day('2026-01-16'),
    credits: '100',
  });
  await runTasks(sql, [daily], day('2026-01-16'));
  for (const customer of [late, daily])
    expect(await read(customer, '2026-01-20T00:00:00Z')).toEqual({
      ...{ plan: 'max', status: 'active', from: day('2026-01-16'), to: day('2026-02-16'), credits: '500' },
    });
  await runTasks(sql, [late], day('2026-01-20'));
  // 16 of 31 days of 29.99 were not used: 15.479, of 99.99
  for (const customer of [late, daily])
    expect(await invoices(customer)).toEqual([
      { total: '29.99', status: 'paid', lines: ['plan 29.99'] },
      { total: '84.51', status: 'open', lines: ['plan 99.99', 'unused -15.48'] },
    ]);
});

it('may lie in a period to come, which is renewed before, and cut short', async () => {
  const id = await subscribed('pro');
  await plan(id, 'max', day('2026-02-15'));
  const until = day('2026-04-01');
  expect(await listUpcoming(sql, { until, customer: id, count: 10 })).toContainEqual(
    expect.objectContaining({ action: 'change plan', at: day('2026-02-15'), reason: 'pro becomes max' }),
  );
  expect(await read(id, '2026-02-10T00:00:00Z')).toMatchObject({
    plan: 'pro',
    from: day('2026-02-01'),
    to: day('2026-02-15'),
  });
  expect(await read(id, '2026-02-15T00:00:00Z')).toMatchObject({ plan: 'max', from: day('2026-02-15') });
  await runTasks(sql, [id], day('2026-02-02'));
  await sql`update subctl.invoices set status = 'paid', paid_at = issued_at where customer_id = ${id}`;
  await runTasks(sql, [id], day('2026-02-15'));
  // 14 of 28 days: 84.995, rounded once
  expect((await invoices(id)).at(-1)).toMatchObject({ total: '85', lines: ['plan 99.99', 'unused -14.99'] });
});

it.each<[string, (id: string) => Promise<unknown>]>([
  ['the present plan', (id) => assign(sql, '2026-02-05T00:00:00Z', { customer: id, plan: 'pro' })],
  [
    'a cancellation',
    (id) =>
      asTester(
        sql,
        (tx, change) => cancelSubscription(tx, change, { customer: id, atOnce: false }),
        day('2026-02-05'),
      ),
  ],
  [
    'a later instant',
    (id) => assign(sql, '2026-02-05T00:00:00Z', { customer: id, plan: 'max', when: day('2026-03-09') }),
  ],
])(
  'B11: taken back by %s, the period that was renewed cut short is whole, with its invoice',
  async (_what, undo) => {
    const id = await subscribed('pro');
    await plan(id, 'max', day('2026-02-15'));
    await runTasks(sql, [id], day('2026-02-02'));
    await undo(id);
    const rows = await sql`
    select i.period_end as invoiced, r.period_end as renewed
      from subctl.invoices i join subctl.renewals r on r.customer_id = i.customer_id and r.invoice_id = i.id where i.customer_id = ${id}`;
    expect(rows).toEqual([{ invoiced: day('2026-03-01'), renewed: day('2026-03-01') }]);
    expect(await sql`select * from subctl.integrity_billed_periods where customer_id = ${id}`).toEqual([]);
  },
);

it('is taken back by the present plan, by another choice and by a cancellation, with the period’s old end', async () => {
  const id = await subscribed('pro');
  const before = await read(id, '2026-01-05T00:00:00Z');
  for (const undo of [
    () => plan(id, 'pro', 'now'),
    () => plan(id, 'free', 'period-end'),
    () =>
      asTester(
        sql,
        (tx, change) => cancelSubscription(tx, change, { customer: id, atOnce: false }),
        day('2026-01-05'),
      ),
  ]) {
    await plan(id, 'max', day('2026-01-16'));
    await sql`select subctl.record_usage(${id}, 'message', as_of => '2026-01-05')`;
    expect((await showSubscription(sql, { customer: id, now: day('2026-01-05') })).pending).toMatchObject({
      ...{ plan: 'max', collection: 'invoice', at: '2026-01-16T00:00:00.000Z' },
    });
    await undo();
    expect(await read(id, '2026-01-05T00:00:00Z')).toEqual(before);
  }
  await plan(id, 'max', day('2026-01-16'));
  await plan(id, 'max', 'now');
  expect(await read(id, '2026-01-05T00:00:00Z')).toMatchObject({ plan: 'max', to: day('2026-02-05') });
});

it('what waits is paid as the new plan is: from free to one that is asked for', async () => {
  const id = await subscribed('free');
  await plan(id, 'pro', 'period-end');
  await runTasks(sql, [id], day('2026-02-01'));
  expect(await invoices(id)).toEqual([{ total: '29.99', status: 'open', lines: ['plan 29.99'] }]);
  expect(await showSubscription(sql, { customer: id, now: day('2026-02-01') })).toMatchObject({
    ...{ plan: 'pro', collection: 'invoice', currency: 'USD', pending: null },
  });
});

it('an instant that is over, one in a trial, one for nobody, and what would move it, are refused', async () => {
  const id = await subscribed('pro');
  await expect(plan(id, 'max', day('2026-01-01'))).rejects.toThrow(
    'The change would begin at 2026-01-01T00:00:00.000Z, which is in the past',
  );
  const trying = await subscribed('trial');
  await expect(plan(trying, 'max', day('2026-01-10'))).rejects.toThrow('runs until 2026-01-15T00:00:00.000Z');
  await addOne(sql, { id: 'nobody' });
  await expect(plan('nobody', 'max', day('2026-01-10'))).rejects.toThrow(
    'nobody has no subscription that could change',
  );
  await plan(id, 'max', day('2026-01-16'));
  const at = day('2026-01-06');
  await expect(
    asTester(sql, (tx, change) => extendByDays(tx, change, { customer: id, days: 3 }), at),
  ).rejects.toThrow('becomes max at 2026-01-16');
  await expect(
    asTester(sql, (tx, change) => pauseSubscription(tx, change, { customer: id, clock: 'stops' }), at),
  ).rejects.toThrow('becomes max');
});
