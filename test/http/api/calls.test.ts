import { beforeAll, describe, expect, test } from 'vitest';
import { openStripe } from '../../../src/payments/stripe-account.ts';
import { stripeGateway } from '../../../src/payments/stripe.ts';
import { openShop } from '../../commands/stripe-shop.ts';
import { assign } from '../../support/plans.ts';
import { startApi } from './world.ts';

const { sql, keys, type } = await openShop();
// commands are typed at ten and some seconds
const asOf = new Date('2026-03-01T11:00:00Z');
const account = await openStripe({ secretKey: keys.STRIPE_SECRET_KEY, apiUrl: keys.STRIPE_API_URL } as never);
const api = await startApi(sql, {
  asOf,
  stripe: () => Promise.resolve(account),
  gateway: () => Promise.resolve(stripeGateway(account, { returnUrl: undefined })),
});
let token: string;
const post = (path: string, body: object) => api.ask(path, { token, body });

beforeAll(async () => {
  await type('stripe sync plans');
  await assign(sql, asOf.toISOString(), { customer: 'kim', plan: 'pro', collection: 'complimentary' });
  token = await api.token();
});

describe('what is held', () => {
  const held = { customer: 'kim', kind: 'llm', quantity: '60', hold: 300, key: 'call-1' };

  test('counts for everybody until it is settled at the true amounts, once', async () => {
    const { body: first } = await post('/v1/reserve', held);
    expect(first).toMatchObject({ allowed: true, replayed: false, expires_at: '2026-03-01T11:05:00.000Z' });
    expect((await post('/v1/reserve', held)).body).toMatchObject({
      reservation: first.reservation,
      replayed: true,
    });
    const refused = await post('/v1/record', { customer: 'kim', kind: 'llm', quantity: 21 });
    expect(refused).toMatchObject({ status: 429, body: { reason: 'limit_reached' } });
    expect(refused.headers.get('retry-after')).toBe('300'); // when the hold is over
    const settled = { customer: 'kim', reservation: first.reservation, quantity: 12.5 };
    const done = await post('/v1/settle', settled);
    expect(done).toMatchObject({ status: 200, body: { allowed: true, replayed: false } });
    expect((await post('/v1/settle', settled)).body).toMatchObject({
      event_id: done.body.event_id,
      replayed: true,
    });
    expect(await post('/v1/settle', { ...settled, quantity: 13 })).toMatchObject({ status: 409 });
    expect(await post('/v1/release', { customer: 'kim', reservation: first.reservation })).toMatchObject({
      status: 409,
    });
    const usage = await api.ask('/v1/customers/kim/usage', { token });
    expect(usage.body.limits).toContainEqual(
      expect.objectContaining({ meter: 'messages', window: 'period', used: '12.5' }),
    );
  });

  test('is let go, and let go again', async () => {
    const { body } = await post('/v1/reserve', { ...held, key: 'call-2' });
    const asked = { customer: 'kim', reservation: body.reservation };
    expect((await post('/v1/release', asked)).body).toMatchObject({ status: 'released', replayed: false });
    expect((await post('/v1/release', asked)).body).toMatchObject({ status: 'released', replayed: true });
  });

  test('is found by its customer and id alone', async () => {
    const { body } = await post('/v1/reserve', { ...held, key: 'call-3' });
    for (const asked of [
      { customer: 'kim', reservation: '019b76da-a800-7000-8000-000000000002' },
      { customer: 'jon', reservation: body.reservation },
    ])
      for (const path of ['/v1/settle', '/v1/release'])
        expect(await post(path, asked)).toMatchObject({ status: 404 });
    expect(await post('/v1/settle', { customer: 'kim', reservation: 'x' })).toMatchObject({ status: 400 });
    expect(await post('/v1/reserve', { ...held, hold: 604_801 })).toMatchObject({ status: 400 });
  });
});

describe('a refusal of record has the status of its reason', () => {
  test.each([
    ['nobody', { kind: 'llm' }, 404, 'no_customer'],
    ['kim', { kind: 'llm', member: 'bob' }, 404, 'no_member'],
    ['kim', { kind: 'llm', at: '2025-11-01' }, 422, 'too_old'],
    ['kim', { kind: 'llm', at: '2026-03-01T11:06:00Z' }, 422, 'in_future'],
    ['kim', { kind: 'llm', quantity: 1000 }, 429, 'limit_reached'],
  ])('%s %j: %i %s', async (customer, use, status, reason) => {
    const answer = await post('/v1/record', { customer, ...use });
    expect(answer).toMatchObject({ status, body: { allowed: false, reason, error: { code: 'refused' } } });
    const asked = await post('/v1/check', { customer, ...use });
    expect(asked).toMatchObject({ status: 200, body: { allowed: false, reason } });
    expect(asked.body.error).toBeUndefined();
  });

  test('paused 403, past due or without a subscription 402, disabled 403', async () => {
    const record = () => post('/v1/record', { customer: 'hal', kind: 'llm' });
    await assign(sql, '2026-02-20T00:00:00Z', { customer: 'hal', plan: 'bare', collection: 'complimentary' });
    await type('subscriptions pause hal');
    expect(await record()).toMatchObject({ status: 403, body: { reason: 'paused' } });
    await type('subscriptions resume hal');
    expect(await type('subscriptions cancel hal --now --yes')).toMatchObject({ code: 0 });
    expect(await record()).toMatchObject({ status: 402, body: { reason: 'no_subscription' } });
    await type('customers disable hal');
    expect(await record()).toMatchObject({ status: 403, body: { reason: 'disabled' } });
  });
});

test('alerts are listed and marked as read, of one customer alone', async () => {
  await post('/v1/record', { customer: 'kim', kind: 'llm', quantity: 70, already_spent: true });
  const unread = () => api.ask('/v1/customers/kim/alerts?unread=true', { token });
  const { body } = await unread();
  expect(body.alerts.length).toBeGreaterThan(0);
  expect(body.alerts[0]).toMatchObject({
    customer: 'kim',
    meter: 'messages',
    threshold: '80',
    severity: 'info',
    read_at: null,
  });
  expect((await post('/v1/customers/jon/alerts/read', {})).body).toEqual({ customer: 'jon', read: 0 });
  expect((await post('/v1/customers/kim/alerts/read', { until: '2026-02-28' })).body).toEqual({
    customer: 'kim',
    read: 0,
  });
  expect((await post('/v1/customers/kim/alerts/read', {})).body).toEqual({
    customer: 'kim',
    read: body.alerts.length,
  });
  expect((await unread()).body).toEqual({ alerts: [] });
});

describe('checkout', () => {
  const returnTo = { return_url: 'https://app.example.org/billing' };

  test('gives the address of a page of Stripe, and leaves a change by the token (N12)', async () => {
    const { status, body } = await post('/v1/customers/gus/checkout', {
      plan: 'pro',
      every: '1mo',
      ...returnTo,
    });
    expect({ status, ...body }).toMatchObject({
      ...{
        status: 200,
        customer: 'gus',
        plan: 'pro',
        every: '1mo',
        amount: '29.99',
        currency: 'USD',
        seats: 1,
      },
      url: expect.stringContaining('https://checkout.stripe.test/') as string,
    });
    const changes = await sql`select actor, action from subctl.changes where action = 'api checkout'`;
    expect([...changes]).toEqual([
      { actor: expect.stringMatching(/^token t\d+$/) as string, action: 'api checkout' },
    ]);
  });

  test.each([
    [{ plan: 'pro' }, 400, /There is no URL for the customer/],
    [{ plan: 'pro', return_url: 'javascript:alert(1)' }, 400, /is no web address/],
    [{ plan: 'none', ...returnTo }, 404, /no plan 'none'/],
    [{ plan: 'old', ...returnTo }, 403, /closed to new subscribers/],
    [{ plan: 'free', ...returnTo }, 403, /no price/],
    [{ plan: 'pro', every: 'monthly', ...returnTo }, 400, /monthly/],
    [{ plan: 'pro', currency: '€', ...returnTo }, 400, /three letters/],
    [{ plan: 'pro', seats: 0, ...returnTo }, 400, /seats '0'/],
  ])('%j is %i', async (body, status, message) => {
    const answer = await post('/v1/customers/ida/checkout', body);
    expect({ status: answer.status, message: answer.body.error.message as string }).toEqual({
      status,
      message: expect.stringMatching(message) as string,
    });
  });

  test('without Stripe it is an error of the server that says no more', async () => {
    const bare = await startApi(sql, { asOf });
    const { status, body } = await bare.ask('/v1/customers/ida/checkout', {
      token,
      body: { plan: 'pro', ...returnTo },
    });
    expect({ status, body }).toEqual({
      status: 500,
      body: { error: { code: 'bug', message: 'Something went wrong; the log says what', hint: null } },
    });
  });
});

test('what takes too long is 503 and may have been done: with its key it is one event', async () => {
  const late: unknown[] = [];
  const slow = await startApi(sql, { asOf, timeoutMs: 2_000, renew: () => late.push(1) });
  const ask = () => slow.ask('/v1/record', { token, body: { customer: 'jon', kind: 'llm', key: 'slow' } });
  await slow.ask('/v1/plans', { token });
  late.length = 0; // the first request may take that long by itself
  await sql.begin(async (tx) => {
    await tx`select subctl_internal.lock_customers(array['jon'])`;
    const { status, headers, body } = await ask();
    expect([status, headers.get('retry-after'), body.error.message]).toEqual([
      503,
      '1',
      'The answer took more than 2 seconds',
    ]);
    expect(late).toEqual([1]);
  });
  const events = async () =>
    (await sql`select count(*)::int as n from subctl.usage_events where customer_id = 'jon'`)[0]!.n as number;
  await expect.poll(events).toBe(1);
  expect(await post('/v1/record', { customer: 'jon', kind: 'llm', key: 'slow' })).toMatchObject({
    status: 200,
    body: { replayed: true },
  });
  expect(await events()).toBe(1);
});
