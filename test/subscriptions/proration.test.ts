import { beforeAll, describe, expect, it } from 'vitest';
import type { Assignment } from '../../src/subscriptions/assignment.ts';
import { giveComplimentary } from '../../src/subscriptions/extend.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, assign, loadLadder } from '../support/plans.ts';
import { runTasks } from '../stories/lives.ts';

const { sql } = await testDatabase();
beforeAll(async () => {
  await loadLadder(sql);
  await sql`
    insert into subctl.plans (id, name, rank, active, is_default, fallback, current_version, created_at) values
      ('thirty', 'Thirty', 11, true, false, 'default', 1, '2025-01-01'), ('cents', 'Cents', 11, true, false, 'default', 1, '2025-01-01'),
      ('top', 'Top', 40, true, false, 'default', 1, '2025-01-01'), ('peak', 'Peak', 41, true, false, 'default', 1, '2025-01-01')`;
  await sql`
    insert into subctl.plan_versions (plan_id, version, created_at, credits, proration_meter) values
      ('thirty', 1, '2025-01-01', 100, 'messages'), ('cents', 1, '2025-01-01', null, 'messages'), ('top', 1, '2025-01-01', 500, 'messages'),
      ('peak', 1, '2025-01-01', null, null)`;
  await sql`
    insert into subctl.plan_prices (plan_id, version, "interval", currency, amount) values
      ('thirty', 1, '30d', 'USD', 30.00), ('cents', 1, '30d', 'USD', 29.99), ('top', 1, '30d', 'USD', 79.00), ('peak', 1, '30d', 'USD', 79.99)`;
  await sql`
    insert into subctl.plan_limits (plan_id, version, meter_id, "window", limit_value) values
      ('thirty', 1, 'messages', 'period', 100000), ('cents', 1, 'messages', 'period', 1000000)`;
  await sql`insert into subctl.credit_costs (plan_id, kind, amount) values ('', 'image', 1)`;
  await sql`select subctl_internal.compile_all()`;
});

let count = 0;
const start = '2026-01-01T00:00:00Z';
const later = '2026-01-11T00:00:00Z';
const subscribed = async (plan: string, about: Partial<Assignment> = {}, customer: object = {}) => {
  const id = `c${++count}`;
  await addOne(sql, { id, ...customer });
  await assign(sql, start, { customer: id, plan, ...about });
  await pay(id);
  return id;
};
const pay = (customer: string) => sql`
  update subctl.invoices set status = 'paid', paid_at = issued_at where customer_id = ${customer} and status = 'open'`;
const use = (customer: string, at: string, kind: string, quantity: number) =>
  sql`select subctl.record_usage(${customer}, ${kind}, as_of => ${at}::timestamptz, quantity => ${quantity})`;
const balance = async (customer: string, at: string) =>
  (
    await sql`select trim_scale(subctl_internal.credit_balance(${customer}, ${at}::timestamptz))::text as b`
  )[0]!['b'];
const bill = async (at: string, asked: Assignment) => {
  const done = await assign(sql, at, asked);
  const invoice = done['invoice'] as {
    total: string;
    lines: { amount: string; lapsed: string | null }[];
  } | null;
  return invoice && { total: invoice.total, lines: invoice.lines.map(({ amount }) => amount) };
};

describe('R30: the credit for what is left of the old period', () => {
  it('G41: by days and usage: 30.00 × 20/30 × 75,000/100,000 is 15.00, of 79.00 are 64.00 due', async () => {
    const ann = await subscribed('thirty');
    await use(ann, '2026-01-05T00:00:00Z', 'message', 25_000);
    expect(await bill(later, { customer: ann, plan: 'top', proration: 'days-and-usage' })).toEqual({
      total: '64',
      lines: ['79', '-15'],
    });
  });

  it('G42 R27: the net is rounded once: 79.99 less 14.995 is 65.00', async () => {
    const bob = await subscribed('cents');
    await use(bob, '2026-01-05T00:00:00Z', 'message', 250_000);
    expect(await bill(later, { customer: bob, plan: 'peak', proration: 'days-and-usage' })).toEqual({
      total: '65',
      lines: ['79.99', '-14.99'],
    });
  });

  it('S14 defect 66: where the proration meter is uncapped, or there is none, days alone, and no units are invented', async () => {
    const cat = await subscribed('top');
    await use(cat, '2026-01-05T00:00:00Z', 'message', 25_000);
    // 79.00 × 20/30
    expect(await bill(later, { customer: cat, plan: 'peak', proration: 'days-and-usage' })).toEqual({
      total: '27.32',
      lines: ['79.99', '-52.67'],
    });
  });

  it('by days as differences of local dates, however late on the day', async () => {
    const dan = await subscribed('thirty', {}, { timezone: 'America/New_York' });
    // begun on 31 December 19:00 in New York; 11 January 04:59 UTC is still the 10th there: 20 days to the 30th
    expect(await bill('2026-01-11T04:59:00Z', { customer: dan, plan: 'top' })).toEqual({
      total: '59',
      lines: ['79', '-20'],
    });
  });

  it('to the second', async () => {
    const eve = await subscribed('thirty');
    expect(await bill('2026-01-11T12:00:00Z', { customer: eve, plan: 'top', proration: 'seconds' })).toEqual({
      total: '59.5',
      lines: ['79', '-19.5'],
    });
  });

  it('not at all', async () => {
    const fay = await subscribed('thirty');
    expect(await bill(later, { customer: fay, plan: 'top', proration: 'none' })).toEqual({
      total: '79',
      lines: ['79'],
    });
  });

  it('never below 0: the credit is at most the charge, and the line says what lapses', async () => {
    const gil = await subscribed('max');
    const done = await assign(sql, '2026-01-02T00:00:00Z', { customer: gil, plan: 'gift', when: 'now' });
    expect(done).toMatchObject({ invoice: null }); // complimentary: nothing is paid, nothing is paid back
    const hal = await subscribed('peak');
    const down = await assign(sql, later, { customer: hal, plan: 'thirty', when: 'now' });
    expect(down).toMatchObject({
      action: 'downgrade',
      invoice: {
        ...{ total: '0', status: 'paid' },
        lines: [{ amount: '20' }, { kind: 'unused', amount: '-20', lapsed: '33.33' }],
      },
    });
  });

  it('a period that nobody was charged for gives no credit', async () => {
    const ida = await subscribed('thirty');
    await asTester(
      sql,
      (tx, change) => giveComplimentary(tx, change, { customer: ida, periods: 1 }),
      new Date(later),
    );
    await runTasks(sql, [ida], new Date('2026-02-05T00:00:00Z'));
    expect(await bill('2026-02-05T00:00:00Z', { customer: ida, plan: 'top' })).toEqual({
      total: '79',
      lines: ['79'],
    });
  });
});

describe('R30: --anchor keep', () => {
  it('charges the difference for the rest; period and usage go on', async () => {
    const jan = await subscribed('thirty');
    await use(jan, '2026-01-05T00:00:00Z', 'message', 7);
    const done = await assign(sql, later, { customer: jan, plan: 'top', anchor: 'keep' });
    // (79.00 - 30.00) × 20/30 = 32.666…
    expect(done).toMatchObject({
      period_start: new Date(start),
      period_end: new Date('2026-01-31T00:00:00Z'),
      invoice: { total: '32.67', lines: [{ amount: '52.67' }, { amount: '-20' }] },
    });
    expect(await sql`select from subctl.usage_resets where customer_id = ${jan}`).toHaveLength(0);
  });

  it('without proration nothing is due until the next period', async () => {
    const kim = await subscribed('thirty');
    expect(await bill(later, { customer: kim, plan: 'top', anchor: 'keep', proration: 'none' })).toBeNull();
  });

  it('keeps days that were given', async () => {
    const lea = await subscribed('thirty');
    const { extendByDays } = await import('../../src/subscriptions/extend.ts');
    await asTester(
      sql,
      (tx, change) => extendByDays(tx, change, { customer: lea, days: 10 }),
      new Date('2026-01-05T00:00:00Z'),
    );
    expect(await assign(sql, later, { customer: lea, plan: 'top', anchor: 'keep' })).toMatchObject({
      period_end: new Date('2026-02-10T00:00:00Z'),
    });
  });

  it('R31: is nothing for what waits for the period’s end', async () => {
    const mia = await subscribed('top');
    const waits = assign(sql, later, { customer: mia, plan: 'thirty', anchor: 'keep' });
    await expect(waits).rejects.toMatchObject({ kind: 'usage' });
    const anew = assign(sql, later, { customer: mia, plan: 'thirty', when: 'now', anchor: 'reset' });
    await expect(anew).rejects.toThrow(/this is a downgrade/);
  });
});

describe('R32: going up and down mints nothing', () => {
  it('neither credits: what was used in the period stays used', async () => {
    const ned = await subscribed('thirty', { collection: 'complimentary' });
    const to = (at: string, plan: string) =>
      assign(sql, at, { customer: ned, plan, when: 'now', collection: 'complimentary' });
    await use(ned, '2026-01-03T00:00:00Z', 'image', 40);
    await to('2026-01-05T00:00:00Z', 'top');
    expect(await balance(ned, '2026-01-05T00:00:00Z')).toBe('500'); // the one reset by upgrade
    await use(ned, '2026-01-06T00:00:00Z', 'image', 300);
    await to('2026-01-07T00:00:00Z', 'thirty');
    expect(await balance(ned, '2026-01-07T00:00:00Z')).toBe('0');
    await to('2026-01-08T00:00:00Z', 'top');
    expect(await balance(ned, '2026-01-08T00:00:00Z')).toBe('200');
    await use(ned, '2026-01-09T00:00:00Z', 'image', 50);
    await to('2026-01-10T00:00:00Z', 'thirty');
    await to('2026-01-10T12:00:00Z', 'top');
    expect(await balance(ned, '2026-01-10T12:00:00Z')).toBe('150');
  });

  it('nor usage, and a second full period is refused by name', async () => {
    const ora = await subscribed('thirty', { collection: 'complimentary' });
    const to = (at: string, plan: string, about: Partial<Assignment> = {}) =>
      assign(sql, at, { customer: ora, plan, when: 'now', collection: 'complimentary', ...about });
    await to('2026-01-05T00:00:00Z', 'top');
    await use(ora, '2026-01-06T00:00:00Z', 'message', 300);
    await to('2026-01-07T00:00:00Z', 'thirty');
    await expect(to('2026-01-08T00:00:00Z', 'top', { anchor: 'reset' })).rejects.toThrow(/R32/);
    const used = await sql`
      select trim_scale(used)::text as used from subctl.usage_limits(${ora}, '2026-01-08T00:00:00Z') where meter_id = 'messages' and win = 'period'`;
    expect(used).toEqual([{ used: '300' }]);
  });
});

it('R30: what the preview shows at its instant is what is done', async () => {
  const pia = await subscribed('cents');
  const asked = { customer: pia, plan: 'peak', proration: 'seconds' } as const;
  const at = new Date('2026-01-13T07:11:13.457Z');
  let shown: unknown;
  const undone = asTester(
    sql,
    async (tx, change) => {
      const { assignPlan } = await import('../../src/subscriptions/assign.ts');
      shown = ((await assignPlan(tx, change, asked))['invoice'] as { lines: unknown }).lines;
      throw new Error('a rehearsal');
    },
    at,
  );
  await expect(undone).rejects.toThrow('a rehearsal');
  const done = await assign(sql, at.toISOString(), asked);
  expect((done['invoice'] as { lines: unknown }).lines).toEqual(shown);
});

it('R33: by invoice the plan stands when the invoice is issued, and is past due when nobody pays it', async () => {
  const qin = await subscribed('thirty');
  await assign(sql, later, { customer: qin, plan: 'top' });
  const at = async (instant: string) =>
    (
      await sql`select plan_id, status from subctl_internal.effective_subscription(${qin}, ${instant}::timestamptz)`
    )[0];
  expect(await at(later)).toEqual({ plan_id: 'top', status: 'active' });
  await runTasks(sql, [qin], new Date('2026-01-26T00:00:00Z'));
  expect(await at('2026-01-26T00:00:00Z')).toEqual({ plan_id: 'top', status: 'past_due' });
});
