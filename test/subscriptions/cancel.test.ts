import { beforeAll, expect, it } from 'vitest';
import { canUse } from '../../src/subscriptions/can-use.ts';
import { cancelSubscription } from '../../src/subscriptions/cancel.ts';
import { listHistory } from '../../src/subscriptions/history.ts';
import { listSubscriptions } from '../../src/subscriptions/list.ts';
import { pauseSubscription } from '../../src/subscriptions/pause.ts';
import { showSubscription } from '../../src/subscriptions/show.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, assign, loadLadder } from '../support/plans.ts';

const { sql } = await testDatabase();
beforeAll(() => loadLadder(sql));

const cancel = (at: string, customer: string, atOnce = false) =>
  asTester(sql, (tx, change) => cancelSubscription(tx, change, { customer, atOnce }), new Date(at));
const subscribed = async (id: string, plan: string, about: object = {}) => {
  await addOne(sql, { id });
  await assign(sql, '2026-01-01T00:00:00Z', { customer: id, plan, collection: 'complimentary', ...about });
};
const effective = async (customer: string, at: string) =>
  (
    await sql`select plan_id, status, access, basis from subctl_internal.effective_subscription(${customer}, ${at}::timestamptz)`
  )[0];

it('S9, R34: cancels at the end of the period, until which everything stays', async () => {
  await subscribed('ann', 'pro');
  expect(await cancel('2026-01-10T00:00:00Z', 'ann')).toMatchObject({
    ...{ action: 'cancel_scheduled', falls_to: 'free', ends_at: new Date('2026-02-01T00:00:00Z') },
  });
  expect(await effective('ann', '2026-01-31T23:59:59Z')).toMatchObject({ plan_id: 'pro', access: true });
  expect(await cancel('2026-01-11T00:00:00Z', 'ann')).toMatchObject({
    action: 'cancel_unchanged',
    changed: false,
  });
});

it('S12: after the end comes the fallback plan, read by dates before anybody has written it', async () => {
  await subscribed('bob', 'pro');
  await cancel('2026-01-10T00:00:00Z', 'bob');
  expect(await effective('bob', '2026-02-01T00:00:00Z')).toMatchObject({
    plan_id: 'free',
    access: true,
    basis: 'fallback',
  });
  await subscribed('bea', 'bare');
  await cancel('2026-01-10T00:00:00Z', 'bea');
  expect(await effective('bea', '2026-02-01T00:00:00Z')).toMatchObject({ status: 'canceled', access: false });
});

it('S10: the same plan again takes the cancellation back', async () => {
  await subscribed('cat', 'pro');
  await cancel('2026-01-10T00:00:00Z', 'cat');
  const again = { customer: 'cat', plan: 'pro' };
  expect(await assign(sql, '2026-01-11T00:00:00Z', again)).toMatchObject({ action: 'cancel_cleared' });
  expect(await effective('cat', '2026-02-01T00:00:00Z')).toMatchObject({ plan_id: 'pro' });
});

it('S9: --now ends access and the plan’s credits at once and begins the fallback there', async () => {
  await subscribed('dan', 'pro');
  expect(await cancel('2026-01-10T06:00:00Z', 'dan', true)).toMatchObject({
    action: 'canceled',
    plan_now: 'free',
    access_now: true,
  });
  const rows = await sql`
    select plan_id, status, started_at, ended_at from subctl.subscriptions where customer_id = 'dan' order by started_at`;
  expect(rows).toEqual([
    {
      plan_id: 'pro',
      status: 'canceled',
      started_at: new Date('2026-01-01T00:00:00Z'),
      ended_at: new Date('2026-01-10T06:00:00Z'),
    },
    { plan_id: 'free', status: 'active', started_at: new Date('2026-01-10T06:00:00Z'), ended_at: null },
  ]);
  const [credits] =
    await sql`select trim_scale(subctl_internal.credit_balance('dan', '2026-01-10T06:00:00Z'))::text as balance`;
  expect(credits).toEqual({ balance: '10' });
});

it('an assignment after the end builds on the fallback that no task has written', async () => {
  await subscribed('eve', 'pro');
  await cancel('2026-01-10T00:00:00Z', 'eve');
  const done = await assign(sql, '2026-02-15T00:00:00Z', {
    customer: 'eve',
    plan: 'max',
    collection: 'complimentary',
  });
  expect(done).toMatchObject({ action: 'upgrade', previous_plan: 'free' });
  const history = await listHistory(sql, { customer: 'eve', limit: 100 });
  expect(
    history
      .filter(({ status }) => status)
      .map(({ at, event, plan }) => [at.toISOString().slice(0, 10), event, plan]),
  ).toEqual([
    ['2026-01-01', 'new', 'pro'],
    ['2026-02-01', 'cancel', 'pro'],
    ['2026-02-01', 'fallback', 'free'],
    ['2026-02-15', 'upgrade', 'max'],
  ]);
});

it('without a live subscription there is nothing to cancel', async () => {
  await addOne(sql, { id: 'fay' });
  await expect(cancel('2026-01-01T00:00:00Z', 'fay')).rejects.toMatchObject({ kind: 'not_found' });
  await expect(cancel('2026-01-01T00:00:00Z', 'nobody')).rejects.toMatchObject({ kind: 'not_found' });
});

it('S16: history tells invoices and who did it, in the order of time', async () => {
  await addOne(sql, { id: 'gil' });
  await assign(sql, '2026-01-01T00:00:00Z', { customer: 'gil', plan: 'bare' });
  await assign(sql, '2026-01-05T00:00:00Z', { customer: 'gil', plan: 'pro' });
  const rows = await listHistory(sql, { customer: 'gil', limit: 100 });
  expect(rows.map(({ event, amount, actor }) => [event, amount && Number(amount), actor])).toEqual([
    ['new', null, 'tester'],
    ['invoice open', 5, 'tester'],
    ['upgrade', null, 'tester'],
    ['invoice open', 25.64, 'tester'],
  ]);
});

it('S13: the list says what holds by dates, and finds what falls due', async () => {
  await subscribed('hal', 'pro');
  await cancel('2026-01-02T00:00:00Z', 'hal');
  const list = (about: object) =>
    listSubscriptions(sql, {
      now: new Date('2026-02-02T00:00:00Z'),
      customer: 'hal',
      statuses: [],
      all: false,
      limit: 10,
      ...about,
    });
  expect(await list({})).toEqual([]);
  expect(await list({ all: true })).toMatchObject([{ plan: 'pro', status: 'canceled' }]);
  expect(await list({ statuses: ['canceled'] })).toHaveLength(1);
  const early = { now: new Date('2026-01-20T00:00:00Z') };
  expect(await list({ ...early, dueBefore: new Date('2026-02-01T00:00:00Z') })).toEqual([]);
  expect(await list({ ...early, dueBefore: new Date('2026-02-01T00:00:01Z') })).toMatchObject([
    { status: 'active', renews: false },
  ]);
});

it('show has the head, its segments, what waits and what it comes to', async () => {
  await subscribed('ida', 'max');
  await assign(sql, '2026-01-03T00:00:00Z', { customer: 'ida', plan: 'pro' });
  const show = (at: string) => showSubscription(sql, { customer: 'ida', now: new Date(at) });
  expect(await show('2026-01-20T00:00:00Z')).toMatchObject({
    ...{ plan: 'max', pending: { plan: 'pro', at: '2026-02-01T00:00:00.000Z' } },
    effective: { plan: 'max', access: true },
  });
  // B18: the change has come by its date, and nothing waits
  expect(await show('2026-02-03T00:00:00Z')).toMatchObject({
    ...{ plan: 'pro', pending: null, effective: { plan: 'pro', access: true } },
    segments: [{ cause: 'new', plan: 'max', actor: 'tester' }],
  });
});

it('P9: can-use answers by the plan that holds at that instant, S11', async () => {
  await subscribed('jan', 'max');
  await cancel('2026-01-03T00:00:00Z', 'jan');
  const ask = (feature: string, at: string) => canUse(sql, { customer: 'jan', feature, now: new Date(at) });
  expect(await ask('sso', '2026-01-31T00:00:00Z')).toMatchObject({ allowed: true, reason: null });
  expect(await ask('sso', '2026-02-01T00:00:00Z')).toMatchObject({
    allowed: false,
    reason: 'not_in_plan',
    plans: ['max', 'gift'],
  });
  await expect(ask('ssso', '2026-01-31T00:00:00Z')).rejects.toThrow(/did you mean sso/);
});

it('R34 R13: a cancellation never ends in the past: where the period’s end has gone by in a pause, it ends now', async () => {
  await subscribed('zoe', 'pro');
  const pause = { customer: 'zoe', clock: 'runs' as const };
  await asTester(sql, (tx, change) => pauseSubscription(tx, change, pause), new Date('2026-01-20T00:00:00Z'));
  await sql`select subctl.record_usage('zoe', 'message', as_of => '2026-02-10', already_spent => true)`;
  expect(await cancel('2026-02-20T00:00:00Z', 'zoe')).toMatchObject({
    action: 'canceled',
    ends_at: new Date('2026-02-20T00:00:00Z'),
    plan_now: 'free',
  });
  // what was used in the pause was used under this plan, and stays so
  expect(await effective('zoe', '2026-02-10T00:00:00Z')).toMatchObject({ plan_id: 'pro', status: 'paused' });
  expect(await effective('zoe', '2026-02-20T00:00:00Z')).toMatchObject({ plan_id: 'free', access: true });
});
