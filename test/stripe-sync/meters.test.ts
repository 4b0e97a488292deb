import { beforeAll, describe, expect, it } from 'vitest';
import { stripeReconcile } from '../../src/tasks/stripe-reconcile.ts';
import type { Services } from '../../src/tasks/services.ts';
import { passTime } from '../stripe-server/clocks.ts';
import { reportFault, thin } from '../stripe-server/meters.ts';
import { subctl } from '../support/cli.ts';
import { run } from '../tasks/fixture.ts';
import { advance, deliver, startMirror, syncPlans } from './fixture.ts';

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
  expect(await subctl(['config', 'set', 'stripe_overage', 'meter-events'], { env })).toMatchObject({
    code: 0,
  });
});

const newMeter = (formula: 'sum' | 'last' = 'sum') =>
  account.client.billing.meters.create({
    ...{ display_name: 'Messages', event_name: 'subctl_messages', default_aggregation: { formula } },
    customer_mapping: { event_payload_key: 'who', type: 'by_id' },
    value_settings: { event_payload_key: 'how_many' },
  });
const task = (at: string, customer: string) =>
  run(sql, stripeReconcile(services), at, { ask: { customer, keepRows: true } });
const sent = (customer: string) =>
  world.uses.filter((use) => use.customer === customer).map(({ value }) => value);
const told = async (customer: string) =>
  (
    await sql<
      { at: Date | null }[]
    >`select told_at as at from subctl.stripe_overages where customer_id = ${customer}`
  ).map(({ at }) => at);
const why = async (customer: string) =>
  (
    await sql<
      { error: string }[]
    >`select last_error as error from subctl.parked where customer_id = ${customer}`
  )[0]?.error;

/** A customer who used 35 beyond the limit in a window that has closed. */
const overuser = async () => {
  const buyer = await newSubscriber({ plan: 'metered', at: '2026-01-31T12:00:00Z' });
  await sync(buyer.id, '2026-01-31T12:00:05Z');
  await sql`select subctl.record_usage(${buyer.id}, 'message', at => '2026-02-10T00:00:00Z', as_of => '2026-02-10T00:00:00Z', quantity => 135)`;
  await advance(account, buyer.clock, '2026-03-01T00:00:00Z');
  await sync(buyer.id, '2026-03-01T00:00:00Z');
  return buyer;
};
const lose = () => faults.plan({ kind: 'lost', line: /meter_events/, times: 3 });

describe('S8: uses that Stripe takes now and checks later', () => {
  it('S8: a meter that Stripe does not have is refused before anything is sent', async () => {
    const { id, stripeCustomer } = await overuser();
    expect(await task('2026-03-01T03:00:00Z', id)).toMatchObject({ parked: 1 });
    expect(await why(id)).toContain('Stripe has no active meter with the event name subctl_messages');
    const meter = await newMeter('last');
    await task('2026-03-02T03:00:00Z', id);
    expect(await why(id)).toContain('has the formula last, not sum');
    meter.status = 'inactive';
    world.get('meter', meter.id).status = 'inactive';
    await newMeter();
    expect(await told(id)).toEqual([null]);
    expect(world.thinEvents).toEqual([]);
    await task('2026-03-03T03:00:00Z', id);
    expect(sent(stripeCustomer)).toEqual(['35']);
    expect(await told(id)).toEqual([new Date('2026-03-03T03:00:00Z')]);
    expect(await why(id)).toBeUndefined();
  });

  it.each([
    ['25 hours', 25 * 3600],
    ['an hour', 3600],
  ])('S8: an answer that was lost and a run %s later bill the use once', async (_what, seconds) => {
    const { id, stripeCustomer } = await overuser();
    lose();
    await task('2026-03-01T03:00:00Z', id).catch(() => undefined);
    faults.clear();
    expect(await told(id)).toEqual([null]);
    server.forgetKeys();
    passTime(world, world.now + seconds);
    await task('2026-03-02T04:00:00Z', id);
    expect(sent(stripeCustomer)).toEqual(['35']);
    expect(await told(id)).toEqual([new Date('2026-03-02T04:00:00Z')]);
  });

  it('S8: an identifier that Stripe has already is a use that it has, also before its sums show it', async () => {
    const { id, stripeCustomer } = await overuser();
    lose();
    await task('2026-03-01T03:00:00Z', id).catch(() => undefined);
    faults.clear();
    server.forgetKeys();
    const late = world.uses.pop()!; // not summed up yet
    await task('2026-03-01T04:00:00Z', id);
    world.uses.push(late);
    expect(sent(stripeCustomer)).toEqual(['35']);
    expect(await told(id)).toEqual([new Date('2026-03-01T04:00:00Z')]);
  });

  it('S8: a use whose request never came is sent, beside one of the same minute that was', async () => {
    const { id, stripeCustomer } = await overuser();
    await task('2026-03-01T03:00:00Z', id);
    await sql`select subctl.record_usage(${id}, 'message', at => '2026-02-20T00:00:00Z', as_of => '2026-03-03T00:00:00Z', quantity => 20)`;
    faults.plan({ kind: 'cut', line: /meter_events/, times: 3 });
    await task('2026-03-04T03:00:00Z', id).catch(() => undefined);
    faults.clear();
    passTime(world, world.now + 25 * 3600);
    await task('2026-03-05T04:00:00Z', id);
    expect(sent(stripeCustomer)).toEqual(['35', '20']);
  });

  it('S8: a window that closed more than 35 days ago is refused, for Stripe would drop it', async () => {
    const { id, stripeCustomer } = await overuser();
    expect(await task('2026-04-05T12:00:00Z', id)).toMatchObject({
      parked: 0,
      notes: [expect.stringContaining('Stripe meters accept uses of the last 35 days') as string],
    });
    expect(await why(id)).toBeUndefined();
    expect(sent(stripeCustomer)).toEqual([]);
    expect(await told(id)).toEqual([null]);
  });

  it('S8: what Stripe reports afterwards is parked with its reason, and sent again once, under another identifier', async () => {
    const active = () => world.list('meter', ({ status }) => status === 'active')[0];
    if (!active()) await newMeter();
    const meter = active()!;
    const { id, stripeCustomer } = await overuser();
    await task('2026-03-01T03:00:00Z', id);
    const [lost] = world.uses.splice(-1);
    const report = reportFault(world, lost!, { code: 'meter_event_customer_not_found', meter });
    const at = new Date('2026-03-01T04:00:00Z');
    const [done] = await deliver(sql, account, [thin(report) as never], at);
    expect(done).toMatchObject({ status: 'processed', customer: id });
    expect(await told(id)).toEqual([null]);
    expect(await why(id)).toContain(
      `Stripe could not count 35 of messages of ${id}: meter_event_customer_not_found`,
    );
    await deliver(sql, account, [thin(report) as never], at); // the same again
    for (const night of ['2026-03-02T03:00:00Z', '2026-03-03T03:00:00Z']) await task(night, id);
    expect(sent(stripeCustomer)).toEqual(['35']);
    expect(world.uses.at(-1)!.identifier).toBe(`${lost!.identifier}+`);
    expect(await why(id)).toBeUndefined();
    expect(await told(id)).toEqual([new Date('2026-03-02T03:00:00Z')]);
  });

  it('S8: a report that names no use of ours is ignored', async () => {
    const report = reportFault(world, { identifier: 'of_somebody' }, { code: 'no_meter', meter: undefined });
    expect(
      await deliver(sql, account, [thin(report) as never], new Date('2026-03-01T04:00:00Z')),
    ).toMatchObject([
      {
        status: 'ignored',
        note: '1 meter event could not be counted; none of the named ones was sent by subctl',
      },
    ]);
  });
});
