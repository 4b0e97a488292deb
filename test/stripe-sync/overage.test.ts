import { beforeAll, describe, expect, it } from 'vitest';
import { healthChecks } from '../../src/integrity/health-checks.ts';
import { listOverusers, reportOverage } from '../../src/stripe-sync/report-overage.ts';
import { stripeReconcile } from '../../src/tasks/stripe-reconcile.ts';
import type { Services } from '../../src/tasks/services.ts';
import { subctl } from '../support/cli.ts';
import { run } from '../tasks/fixture.ts';
import { advance, startMirror, syncPlans, writerAt } from './fixture.ts';

const { sql, env, world, account, newSubscriber, sync, stripe } = await startMirror();
const { faults, server } = stripe;
const services = { stripe: () => Promise.resolve(account) } as unknown as Services;

beforeAll(async () => {
  await sql`
    insert into subctl.plans (id, name, rank, active, is_default, fallback, current_version, created_at)
    values ('metered', 'Metered', 11, true, false, 'default', 1, '2025-01-01')`;
  await sql`insert into subctl.plan_versions (plan_id, version, created_at) values ('metered', 1, '2025-01-01')`;
  await sql`insert into subctl.plan_prices (plan_id, version, "interval", currency, amount) values ('metered', 1, '1mo', 'USD', 10.00)`;
  await sql`
    insert into subctl.plan_limits (plan_id, version, meter_id, "window", limit_value, enforcement, overage_price, overage_per)
    values ('metered', 1, 'messages', 'period', 100, 'overage', 0.25, 10)`;
  await sql`select subctl_internal.compile_all()`;
  await syncPlans(sql, account);
});

const use = (customer: string, at: string, quantity: number, asOf = at) =>
  sql`select subctl.record_usage(${customer}, 'message', at => ${at}::timestamptz, as_of => ${asOf}::timestamptz, quantity => ${quantity})`;
const setting = async (value: string) =>
  expect(await subctl(['config', 'set', 'stripe_overage', value], { env })).toMatchObject({ code: 0 });
const items = (customer: string) =>
  world.list('invoice_item', (item) => item.customer === customer).map(({ amount }) => amount);
const task = (at: string, customer: string) =>
  run(sql, stripeReconcile(services), at, { ask: { customer, keepRows: true } });
const begin = async () => {
  const buyer = await newSubscriber({ plan: 'metered', at: '2026-01-31T12:00:00Z' });
  await sync(buyer.id, '2026-01-31T12:00:05Z');
  return buyer;
};

describe('N19: use beyond a limit of a subscription that Stripe owns', () => {
  it('is an item of Stripe’s next invoice, each unit once, late ones too (R13)', async () => {
    const { id, stripeCustomer, clock } = await begin();
    await use(id, '2026-02-10T00:00:00Z', 135);
    await task('2026-02-20T00:00:00Z', id);
    expect(items(stripeCustomer)).toEqual([]); // its window is not closed
    await advance(account, clock, '2026-03-01T00:00:00Z');
    await sync(id, '2026-03-01T00:00:00Z');
    for (const at of ['2026-03-01T03:00:00Z', '2026-03-02T03:00:00Z']) await task(at, id);
    expect(items(stripeCustomer)).toEqual([88]); // 35 beyond at 0.25 for ten: 0.875
    await use(id, '2026-02-20T00:00:00Z', 25, '2026-03-03T00:00:00Z');
    for (const at of ['2026-03-04T03:00:00Z', '2026-03-05T03:00:00Z']) await task(at, id);
    expect(items(stripeCustomer)).toEqual([63, 88]);
    await advance(account, clock, '2026-04-01T00:00:00Z');
    await sync(id, '2026-04-01T00:00:00Z');
    const lines = await sql`
      select l.kind, trim_scale(l.amount)::text as amount from subctl.invoice_lines l join subctl.invoices i on i.customer_id = l.customer_id and i.id = l.invoice_id
       where i.customer_id = ${id} order by i.issued_at desc, l.position limit 3`;
    expect(lines).toEqual([
      { kind: 'plan', amount: '10' },
      { kind: 'overage', amount: '0.88' },
      { kind: 'overage', amount: '0.63' },
    ]);
  });

  it('is told once, wherever the run that tells it breaks', async () => {
    const { id, stripeCustomer, clock } = await begin();
    await use(id, '2026-02-10T00:00:00Z', 200);
    await advance(account, clock, '2026-03-01T00:00:00Z');
    await sync(id, '2026-03-01T00:00:00Z');
    // written and not asked, asked and not heard of, heard of and not written
    for (const [n, kind] of (['cut', 'lost', 'lost', 'broken'] as const).entries()) {
      faults.plan({ kind, line: /invoiceitems/, times: 3 });
      const now = new Date(`2026-03-0${n + 1}T03:00:00Z`);
      await reportOverage(sql, account, writerAt(sql, now), { customer: id, stripeCustomer, now }).catch(
        () => undefined,
      );
      faults.clear();
      server.forgetKeys(); // a day has passed
    }
    await task('2026-03-09T03:00:00Z', id);
    expect(items(stripeCustomer)).toEqual([250]);
    const [told] =
      await sql`select told_at is not null as told, stripe_id is not null as known from subctl.stripe_overages where customer_id = ${id}`;
    expect(told).toEqual({ told: true, known: true });
  });

  it('S2: what Stripe refuses for good has failed with the reason: no run asks again, and doctor names it for 35 days', async () => {
    const { id, stripeCustomer, clock } = await begin();
    await use(id, '2026-02-10T00:00:00Z', 135);
    await advance(account, clock, '2026-03-01T00:00:00Z');
    await sync(id, '2026-03-01T00:00:00Z');
    faults.plan({ kind: 'refused', line: /^POST .*invoiceitems/ });
    const done = await task('2026-03-01T03:00:00Z', id);
    const sentence =
      'Messages beyond the limit per period: 35, 0.88 USD: failed: Stripe refused: This cannot be done';
    expect(done).toMatchObject({ parked: 0, notes: [`${id}: ${sentence}`] });
    expect(await task('2026-03-02T03:00:00Z', id)).toMatchObject({
      done: expect.any(Number) as number,
      notes: [],
    });
    expect(items(stripeCustomer)).toEqual([]);
    expect(await sql`select 1 from subctl.parked where customer_id = ${id}`).toEqual([]);
    const find = healthChecks.find(({ name }) => name === 'refused overage')!.find;
    expect(await find(sql, new Date('2026-03-30T00:00:00Z'))).toEqual([
      { sentence: `${id}: ${sentence.replace(' failed:', '')}` },
    ]);
    expect(await find(sql, new Date('2026-04-10T00:00:00Z'))).toEqual([]);
    await use(id, '2026-02-20T00:00:00Z', 25, '2026-03-03T00:00:00Z'); // what comes late is another one
    await task('2026-03-04T03:00:00Z', id);
    expect(items(stripeCustomer)).toEqual([63]);
  });

  it('is told by several runs at once, once', async () => {
    const { id, stripeCustomer, clock } = await begin();
    await use(id, '2026-02-10T00:00:00Z', 120);
    await advance(account, clock, '2026-03-01T00:00:00Z');
    await sync(id, '2026-03-01T00:00:00Z');
    const now = new Date('2026-03-01T03:00:00Z');
    await Promise.all(
      Array.from({ length: 5 }, () =>
        reportOverage(sql, account, writerAt(sql, now), { customer: id, stripeCustomer, now }),
      ),
    );
    expect(items(stripeCustomer)).toEqual([50]);
  });

  it('goes to a meter of Stripe’s where the setting says so, and nowhere where it says none', async () => {
    const { id, stripeCustomer, clock } = await begin();
    await use(id, '2026-02-10T00:00:00Z', 135);
    await advance(account, clock, '2026-03-01T00:00:00Z');
    await sync(id, '2026-03-01T00:00:00Z');
    await setting('none');
    await task('2026-03-01T03:00:00Z', id);
    await setting('meter-events');
    expect(await task('2026-03-02T03:00:00Z', id)).toMatchObject({ parked: 1 }); // Stripe has no such meter
    await account.client.billing.meters.create({
      display_name: 'Messages',
      event_name: 'subctl_messages',
      default_aggregation: { formula: 'sum' },
    });
    for (const at of ['2026-03-03T03:00:00Z', '2026-03-04T03:00:00Z']) await task(at, id);
    expect(world.uses.filter(({ customer }) => customer === stripeCustomer)).toMatchObject([
      { event: 'subctl_messages', value: '35', timestamp: new Date('2026-02-28T11:59:59Z').getTime() / 1000 },
    ]);
    expect(items(stripeCustomer)).toEqual([]);
    expect(await sql`select 1 from subctl.parked where customer_id = ${id}`).toEqual([]);
    await setting('invoice-items');
  });

  it('is shown by a dry run, which asks Stripe for nothing', async () => {
    const { id, clock } = await begin();
    await use(id, '2026-02-10T00:00:00Z', 101);
    await advance(account, clock, '2026-03-01T00:00:00Z');
    await sync(id, '2026-03-01T00:00:00Z');
    const rows = await stripeReconcile(services).preview(sql, {
      asOf: new Date('2026-03-01T03:00:00Z'),
      customer: id,
    });
    expect(rows).toMatchObject([
      { customer: id, action: 'tell', reason: 'Messages beyond the limit per period: 1, 0.03 USD' },
    ]);
    expect(await sql`select 1 from subctl.stripe_overages where customer_id = ${id}`).toEqual([]);
    expect((await listOverusers(sql, id)).length).toBe(1);
  });
});
