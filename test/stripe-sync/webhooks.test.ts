import { describe, expect, it } from 'vitest';
import { startServer } from '../../src/http/server.ts';
import { webhookRoutes } from '../../src/http/webhook.ts';
import { webhookLimit } from '../../src/payments/stripe-webhook.ts';
import { bodyOf, signature } from '../stripe-server/sign.ts';
import { testSecret } from '../stripe-server/start.ts';
import { subctl } from '../support/cli.ts';
import { startMirror } from './fixture.ts';

const { sql, env, world, newSubscriber } = await startMirror();
const now = new Date('2026-02-01T00:00:00Z');
const { id: customer } = await newSubscriber();
const [created] = world.events().filter(({ type }) => type === 'customer.subscription.created');
const body = bodyOf(created!);
const good = signature(body, now, testSecret);

const take = (text: string, header: string, more: Record<string, string> = {}) =>
  subctl(['stripe', 'webhook', '--signature', header, '--as-of', now.toISOString(), '--json'], {
    env: { ...env, ...more },
    stdin: text,
  });
const signed = (text: string, at: Date = now) => [text, signature(text, at, testSecret)] as const;
const altered = (change: object) =>
  signed(JSON.stringify({ ...JSON.parse(body), id: 'evt_hostile', ...change }));
const deep = `{"id":"evt_deep","object":"event","type":"x","created":1,"livemode":false,"data":{"object":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}}`;
const minutes = (n: number) => new Date(now.getTime() + n * 60_000);

/** Name, body and header, exit code, status over HTTP, what is said. */
const hostile: [string, readonly [string, string], number, number, RegExp][] = [
  [
    'another body under a good signature',
    [body.replace('"evt_', '"evt_x'), good],
    4,
    403,
    /does not match its body/,
  ],
  [
    'the signature of another secret',
    [body, signature(body, now, 'whsec_of_somebody_else')],
    4,
    403,
    /does not match its body/,
  ],
  ['a signature of six minutes ago', signed(body, minutes(-6)), 4, 403, /360 seconds old; 300 are allowed/],
  ['a signature of six minutes ahead', signed(body, minutes(6)), 4, 403, /-360 seconds old/],
  ['no time in the signature', [body, good.replace(/t=\d+,/, '')], 4, 403, /has no time/],
  ['nothing that is a signature', [body, 'x'], 4, 403, /has no time/],
  ['another scheme only', [body, good.replace('v1=', 'v0=')], 4, 403, /does not match its body/],
  ['a body of one byte too many', signed('x'.repeat(webhookLimit + 1)), 2, 400, /larger than 262144/],
  ['JSON that is nested five thousand deep', signed(deep), 2, 400, /nested deeper than 64/],
  ['a quarter megabyte of brackets', signed('['.repeat(200_000)), 2, 400, /not JSON/],
  ['no JSON', signed('id=evt_1'), 2, 400, /not JSON/],
  [
    'bytes that are no text',
    signed(Buffer.from([0x7b, 0xff, 0x7d]).toString('latin1')),
    2,
    400,
    /not JSON|not a Stripe event/,
  ],
  ['JSON that is no event', signed('{"object":"charge"}'), 2, 400, /not a Stripe event/],
  ['null', signed('null'), 2, 400, /not a Stripe event/],
  ['an id that is none of Stripe’s', altered({ id: "evt_'; drop table x" }), 2, 400, /not a Stripe event/],
  [
    'an event of another account',
    altered({ account: 'acct_other' }),
    4,
    403,
    /belongs to another account, acct_other/,
  ],
  [
    'an event of the live mode, with a test key',
    altered({ livemode: true }),
    4,
    403,
    /belongs to live mode, and the key to test mode/,
  ],
];

const stored = async () =>
  Number((await sql<[{ n: number }]>`select count(*)::int as n from subctl.stripe_events`)[0].n);

describe('a hostile webhook leaves nothing behind (N6)', () => {
  it.each(hostile)('%s', async (_name, [text, header], exit, _status, said) => {
    const { code, stderr } = await take(text, header);
    expect({ code, stderr }).toMatchObject({ code: exit, stderr: expect.stringMatching(said) });
    expect(await stored()).toBe(0);
  });

  it('a test event with a live key is refused, and so is any without a key', async () => {
    for (const key of ['sk_live_1234567890', '']) {
      const { code, stderr } = await take(body, good, { STRIPE_SECRET_KEY: key });
      expect({ code, stderr }).toMatchObject({
        code: 4,
        stderr: expect.stringContaining('belongs to test mode, and the key to live mode'),
      });
    }
    expect(await stored()).toBe(0);
  });

  it('without a secret nothing is taken in: that is configuration, not silence (defect 73)', async () => {
    const { code, stderr } = await take(body, good, { STRIPE_WEBHOOK_SECRET: '' });
    expect({ code, stderr }).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('There is no signing secret'),
    });
  });

  it('over HTTP all of these are refused with a status, and the server goes on', async () => {
    const routes = webhookRoutes({
      connection: sql,
      secrets: [testSecret],
      live: false,
      now: async () => now,
      wake: () => undefined,
    });
    const bugs: unknown[] = [];
    const server = await startServer({
      host: '127.0.0.1',
      port: 0,
      routes: [routes],
      onBug: (error) => bugs.push(error),
    });
    const post = (text: string, header?: string) =>
      fetch(`${server.url}/stripe/webhook`, {
        method: 'POST',
        body: text,
        headers: { ...(header && { 'stripe-signature': header }) },
      });
    try {
      for (const [name, [text, header], , status] of hostile)
        expect([name, (await post(text, header)).status]).toEqual([name, status]);
      expect((await post(body)).status).toBe(403);
      expect((await fetch(`${server.url}/stripe/webhook`)).status).toBe(404);
      expect(await stored()).toBe(0);
      const answers = [await post(body, good), await post(body, good)];
      expect(await Promise.all(answers.map((each) => each.json()))).toEqual([
        { received: created!.id, new: true },
        { received: created!.id, new: false },
      ]);
      expect(await stored()).toBe(1);
      await sql`delete from subctl.stripe_events`;
      expect(bugs).toEqual([]);
    } finally {
      await server.close();
    }
  });
});

describe('a webhook', () => {
  it('may be signed by either of two secrets while they are rotated', async () => {
    const text = JSON.stringify({ ...JSON.parse(body), id: 'evt_rotated', type: 'product.created' });
    const rotated = { STRIPE_WEBHOOK_SECRET: `whsec_new_new_new, ${testSecret}` };
    const done = await take(...signed(text), rotated);
    expect(JSON.parse(done.stdout)).toMatchObject({ status: 'ignored', new: true });
  });

  it('S22: with a character that no database keeps is kept, with the sign replaced', async () => {
    const id = 'evt_signs';
    const text = JSON.stringify({ ...JSON.parse(body), id, type: 'product.created' }).replace(
      '"data":',
      '"note":"a\\u0000b\\ud800c","data":',
    );
    expect(await take(...signed(text))).toMatchObject({ code: 0 });
    const [row] = await sql<
      { note: string }[]
    >`select payload->>'note' as note from subctl.stripe_events where id = ${id}`;
    expect(row!.note).toBe('a\ufffdb\ufffdc');
  });

  it('that comes twice is processed once, and the second answer says so (G46, N7)', async () => {
    const first = await take(body, good);
    expect(JSON.parse(first.stdout)).toMatchObject({
      id: created!.id,
      new: true,
      status: 'processed',
      customer,
    });
    const second = await take(body, good);
    expect(second.code).toBe(0);
    expect(second.stderr).toContain(`${created!.id} was already processed`);
    expect(await sql`select count(*)::int as n from subctl.payments where customer_id = ${customer}`).toEqual(
      [{ n: 1 }],
    );
  });

  it('of a type that nothing depends on, or about a customer of others, is kept and ignored', async () => {
    const other = signed(
      JSON.stringify({
        ...JSON.parse(body),
        id: 'evt_other',
        type: 'invoice.paid',
        data: { object: { object: 'invoice', id: 'in_x', customer: 'cus_nobody' } },
      }),
    );
    expect(JSON.parse((await take(...other)).stdout)).toMatchObject({
      status: 'ignored',
      note: 'customer cus_nobody is not linked',
    });
  });

  it('that fails is tried again later, and then done: two attempts (G46, N7)', async () => {
    const event = { ...created!, id: 'evt_again' };
    await sql`update subctl.plan_prices set stripe_price_id = 'other' where plan_id = 'pro' and "interval" = '1mo' and currency = 'USD'`;
    const failed = await take(bodyOf(event), signature(bodyOf(event), now, testSecret));
    expect(failed.code).toBe(7);
    expect(JSON.parse(failed.stdout)).toMatchObject({
      status: 'failed',
      note: expect.stringContaining('a price that belongs to no plan'),
    });
    const price = world.list(
      'price',
      (each) =>
        each.metadata['subctl_plan'] === 'pro' &&
        each.recurring?.interval === 'month' &&
        each.currency === 'usd',
    )[0]!.id;
    await sql`update subctl.plan_prices set stripe_price_id = ${price} where plan_id = 'pro' and "interval" = '1mo' and currency = 'USD'`;
    const again = await subctl(['stripe', 'events', 'retry', event.id, '--as-of', now.toISOString()], {
      env,
    });
    expect(again.code).toBe(0);
    const shown = await subctl(['stripe', 'events', 'show', event.id, '--json'], { env });
    expect(JSON.parse(shown.stdout)).toMatchObject({ status: 'processed', attempts: 2, last_error: null });
  });

  it('that never came is fetched from Stripe', async () => {
    const before = await stored();
    const done = await subctl(
      ['stripe', 'events', 'replay', '--since', '2026-01-31', '--as-of', now.toISOString(), '--json'],
      { env },
    );
    expect(done.code).toBe(0);
    expect(await stored()).toBeGreaterThan(before);
    const listed = await subctl(['stripe', 'events', 'list', '--status', 'failed', '--json'], { env });
    expect(JSON.parse(listed.stdout)).toEqual([]);
  });
});

it('no secret is printed by any command, also not when it fails (N6)', async () => {
  const lines = ['config show', 'stripe sync plans --dry-run', 'stripe reconcile', 'doctor'];
  for (const line of lines) {
    const { stdout, stderr } = await subctl([...line.split(' '), '--verbose'], { env });
    expect(stdout + stderr).not.toContain(env['STRIPE_SECRET_KEY']);
    expect(stdout + stderr).not.toContain(testSecret);
  }
});
