import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { payInvoice } from '../../src/billing/pay-invoice.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, assign, loadLadder } from '../support/plans.ts';
import { runTasks } from '../stories/lives.ts';
import { readAt } from '../stories/readings.ts';

const { sql } = await testDatabase();
beforeAll(() => loadLadder(sql));

const day = 86_400_000;
const date = (text: string) => new Date(/T/.test(text) ? text : `${text}T10:00:00Z`);
const begin = date('2026-12-30');
let count = 0;

/** On pro since 30 December, its first invoice paid. */
async function payer(): Promise<string> {
  const id = `unissued-${++count}`;
  await addOne(sql, { id });
  await assign(sql, begin.toISOString(), { customer: id, plan: 'pro', collection: 'invoice' });
  await pay(id, date('2026-12-30T11:00:00Z'));
  return id;
}

/** Charged each period, and nobody has tried yet. */
async function charged(): Promise<string> {
  const id = `unissued-${++count}`;
  await addOne(sql, { id });
  await sql`
    select subctl_internal.start_subscriptions(array[${id}], array[${begin}::timestamptz], 'pro', 1, '1mo', 'USD', 29.99, 'charge', 0, true, null, 'tester', null, 'new', null,
             ${begin}, 'test')`;
  return id;
}

async function pay(customer: string, at: Date): Promise<void> {
  const [{ number }] = await sql<[{ number: string }]>`
    select number from subctl.invoices where customer_id = ${customer} and status = 'open' order by due_at limit 1`;
  const payment = { number, customer, provider: 'bank', reference: `${customer} ${number}` };
  await asTester(sql, (tx, change) => payInvoice(tx, change, payment), at);
}

async function read(customer: string, at: string) {
  const [row] = await sql`
    select e.plan_id as plan, e.status, e.access, e.period_start as start, e.period_end as "end",
           trim_scale(subctl_internal.credit_balance(${customer}, ${date(at)}))::text as credits
      from subctl_internal.effective_subscription(${customer}, ${date(at)}) e`;
  return row!;
}

const invoices = (customer: string) => sql`
  select period_start as start, issued_at as issued, due_at as due, status from subctl.invoices where customer_id = ${customer} order by period_start`;
const segments = (customer: string) => sql`
  select from_at as at, plan_id as plan, status from subctl.subscription_phases where customer_id = ${customer} order by from_at, status desc`;
const goesOn = (start: string, end: string) => ({
  ...{ plan: 'pro', status: 'active', access: true, credits: '100' },
  ...{ start: date(start), end: date(end) },
});

describe('B17 R35: nothing is overdue that was never asked for', () => {
  it('B17: without a task a subscription goes on by its dates, each period with its own credits', async () => {
    for (const id of [await payer(), await charged()]) {
      expect(await read(id, '2027-02-20')).toEqual(goesOn('2027-01-30', '2027-02-28'));
      expect(await read(id, '2027-02-28')).toEqual(goesOn('2027-02-28', '2027-03-30'));
      expect(await read(id, '2027-03-21')).toEqual(goesOn('2027-02-28', '2027-03-30'));
      expect(await read(id, '2027-03-30')).toEqual(goesOn('2027-03-30', '2027-04-30'));
      expect(await read(id, '2028-12-30')).toEqual(goesOn('2028-12-30', '2029-01-30'));
    }
  });

  it.each(['2027-02-22', '2027-03-01', '2027-03-29'])(
    'B17: a first task on %s asks for the period that runs, due its net days later; unpaid it ends once, for good',
    async (first) => {
      const id = await payer();
      const asked = date(first).getTime();
      await runTasks(sql, [id], new Date(asked));
      const start = first < '2027-02-28' ? '2027-01-30' : '2027-02-28';
      const due = new Date(asked + 14 * day);
      const over = new Date(asked + 21 * day);
      expect((await invoices(id)).slice(1)).toEqual([
        { start: date(start), issued: new Date(asked), due, status: 'open' },
      ]);
      const statusAt = async (at: number) => (await read(id, new Date(at).toISOString()))['status'] as string;
      expect(await statusAt(due.getTime() - 1)).toBe('active');
      expect(await statusAt(due.getTime())).toBe('past_due');
      const late = [0, 1, 9, 30, 61, 400].map((days) => new Date(over.getTime() + days * day).toISOString());
      for (const at of late) expect(await read(id, at)).toMatchObject({ plan: 'free', access: true });
      for (const at of late) {
        await runTasks(sql, [id], new Date(at));
        expect(await read(id, at)).toMatchObject({ plan: 'free', access: true });
      }
      expect(await segments(id)).toEqual([
        { at: begin, plan: 'pro', status: 'active' },
        { at: due, plan: 'pro', status: 'past_due' },
        { at: over, plan: 'pro', status: 'expired' },
        { at: over, plan: 'free', status: 'active' },
      ]);
    },
  );

  it('B17: paid in time after a late task, it goes on', async () => {
    const id = await payer();
    await runTasks(sql, [id], date('2027-03-01'));
    await pay(id, date('2027-03-20'));
    expect(await read(id, '2027-04-15')).toEqual(goesOn('2027-03-30', '2027-04-30'));
  });

  it('B17: money that comes after an end that nobody has written brings nothing back', async () => {
    const id = await payer();
    await runTasks(sql, [id], date('2027-03-01'));
    expect(await read(id, '2027-03-22')).toMatchObject({ plan: 'free' });
    await pay(id, date('2027-04-02'));
    for (const at of ['2027-03-22', '2027-04-02', '2027-04-03', '2027-06-01'])
      expect(await read(id, at), at).toMatchObject({ plan: 'free' });
  });

  it('B17 R36: whatever missed periods are charged, writing changes no reading', async () => {
    const run = fc.record({
      which: fc.constantFrom('latest', 'all', 'none'),
      sold: fc.constantFrom('1mo pro', '1y pro', '1mo bare', '1mo trial', '1mo max'),
      late: fc.integer({ min: 0, max: 330 }),
      hours: fc.array(fc.integer({ min: 0, max: 344 * 24 }), { minLength: 20, maxLength: 20 }),
      is: fc.constantFrom('invoice', 'charge'),
      given: fc.integer({ min: 0, max: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(run, async ({ which, sold, late, hours, is, given }) => {
        const id = `unissued-${++count}`;
        const [every, plan] = sold.split(' ') as [string, string];
        await addOne(sql, { id });
        await sql`
          select subctl_internal.start_subscriptions(array[${id}], array[${begin}::timestamptz], ${plan}, 1, ${every}, 'USD', 29.99, ${is},
                   ${plan === 'trial' ? 14 : 0}, true, null, 'tester', null, 'new', null, ${begin}, 'test')`;
        await sql`update subctl.subscriptions set complimentary_periods = ${given} where customer_id = ${id}`;
        const now = new Date(begin.getTime() + late * day);
        const instants = hours
          .sort((a, b) => a - b)
          .map((n) => new Date(begin.getTime() + n * 3_600_000))
          .filter((at) => at.getTime() < now.getTime() + 14 * day);
        const unwritten = await readAt(sql, id, { instants, now });
        expect(unwritten.every(({ standing: { plan: is, access } }) => is === plan && access)).toBe(true);
        await asTester(
          sql,
          async (tx, change) => {
            for (let done = 1; done > 0;) {
              const [row] = await tx<[{ done: number }]>`
                select subctl_internal.renew_subscriptions(${now}, array[${id}], ${change.id}, ${which}) as done`;
              done = row.done;
            }
          },
          now,
        );
        expect(await readAt(sql, id, { instants, now })).toEqual(unwritten);
        const dues =
          await sql`select due_at = issued_at + case ${is} when 'invoice' then interval '336 hours' else '0' end as right from subctl.invoices
                                where customer_id = ${id}`;
        expect(dues.every(({ right }) => right as boolean)).toBe(true);
      }),
      { seed: 35, numRuns: 25 },
    );
  });
});
