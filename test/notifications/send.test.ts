import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { queueNotifications, claimNotifications } from '../../src/notifications/deliver.ts';
import { signBody } from '../../src/notifications/webhook.ts';
import { inTransaction } from '../../src/database/transaction.ts';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { startMailServer } from '../support/mail-server.ts';
import { customer, lay, plan, record, subscribe } from '../usage/world.ts';

const { sql, env } = await testDatabase();
const mail = await startMailServer();
const secret = 'a secret of some length';
const hooks: { id: string; signed: boolean; body: Record<string, unknown> }[] = [];
let fails = (): boolean => false;
const receiver = createServer((request, response) => {
  let body = '';
  request.on('data', (part: Buffer) => (body += part.toString()));
  request.on('end', () => {
    const signature = String(request.headers['subctl-signature']);
    const at = new Date(Number(/t=(\d+)/.exec(signature)![1]) * 1000);
    hooks.push({
      id: String(request.headers['subctl-id']),
      signed: signature === signBody(body, { secret, at }),
      body: JSON.parse(body) as never,
    });
    response.writeHead(fails() ? 503 : 204).end();
  });
});
let hookUrl = '';
const smtp = {
  SMTP_HOST: '127.0.0.1',
  SMTP_PORT: String(mail.port),
  SMTP_FROM: 'Billing <billing@example.com>',
};
const send = async (asOf: string, more: Record<string, string> = smtp) => {
  const { code, stdout, stderr } = await subctl(['send-alerts', '--as-of', asOf, '--json'], {
    env: { ...env, ...more },
  });
  return { code, stderr, ...(JSON.parse(stdout) as { done: number; skipped: number; notes?: string[] }) };
};
const outbox = async (customer: string) =>
  sql<
    {
      kind: string;
      channel: string;
      attempts: number;
      sent: boolean;
      dead: boolean;
      last_error: string | null;
    }[]
  >`
    select kind, channel, attempts, sent_at is not null as sent, dead_at is not null as dead, last_error
      from subctl.notifications where customer_id = ${customer} order by created_at, id`;
const subjects = (to: string) =>
  mail.mails
    .filter((each) => each.to.includes(to))
    .map(({ text }) => /^Subject: (.*)$/m.exec(text)![1]!.trim());

beforeAll(async () => {
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', () => resolve()));
  hookUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hooks`;
  await lay(sql, undefined, { image: '1' });
  await plan(sql, 'basic', { limits: { messages: { month: 25 } }, credits: '10' });
});
afterAll(async () => {
  await mail.close();
  receiver.close();
});

async function someone(id: string, { email = `${id}@example.org` as string | null } = {}): Promise<string> {
  await customer(sql, id, { at: '2026-01-01T00:00:00Z', zone: 'Europe/Berlin' });
  await sql`update subctl.customers set email = ${email} where id = ${id}`;
  await subscribe(sql, id, 'basic', { at: '2026-01-01T00:00:00Z' });
  return id;
}
const use = (who: string, quantity: number, as_of: string, kind = 'llm') =>
  record(sql, { customer: who, kind, quantity, as_of });

test('A6 R39: of a jump past three thresholds only the highest is sent, once, with the next reset in the customer’s zone', async () => {
  const ada = await someone('ada');
  await use(ada, 25, '2026-01-10T12:00:00Z');
  expect(await send('2026-01-10T12:05:00Z')).toMatchObject({ code: 0, done: 1 });
  expect(subjects('ada@example.org')).toEqual(['100 % of messages used']);
  expect(mail.mails[0]!.text.replaceAll('=\r\n', '')).toContain(
    'The limit resets on 2026-02-01 00:00 Europe/Berlin.',
  );
  expect(mail.mails[0]!.text).toMatch(/^Message-ID: <[0-9a-f-]+@subctl.example.com>$/im);
  expect(await send('2026-01-10T12:10:00Z')).toMatchObject({ code: 0, done: 0 });
});

test('thresholds that are reached one after the other are told one after the other', async () => {
  const bob = await someone('bob');
  await use(bob, 20, '2026-01-10T12:00:00Z');
  await send('2026-01-10T12:05:00Z');
  await use(bob, 3, '2026-01-10T13:00:00Z');
  await send('2026-01-10T13:05:00Z');
  expect(subjects('bob@example.org')).toEqual(['80 % of messages used', '92 % of messages used']);
});

test('A8: credits that run low are told by the plan’s thresholds', async () => {
  const cleo = await someone('cleo');
  await use(cleo, 8, '2026-01-10T12:00:00Z', 'image');
  await send('2026-01-10T12:05:00Z');
  await use(cleo, 2, '2026-01-10T13:00:00Z', 'image');
  await send('2026-01-10T13:05:00Z');
  expect(subjects('cleo@example.org')).toEqual(['80 % of credits used', '100 % of credits used']);
});

test('A10: an end is told once, its days before', async () => {
  const dan = await someone('dan');
  await sql`update subctl.subscriptions set auto_renew = false where customer_id = ${dan}`;
  expect(await send('2026-01-24T22:59:00Z')).toMatchObject({ done: 0 });
  expect(await send('2026-01-26T00:00:00Z')).toMatchObject({ done: 1 });
  expect(await send('2026-01-27T00:00:00Z')).toMatchObject({ done: 0 });
  expect(subjects('dan@example.org')).toEqual(['basic ends on 2026-02-01 01:00 Europe/Berlin']);
});

test('what a server refuses for now is tried again later and later; what it refuses for ever is given up, and so is a customer without an address', async () => {
  const eve = await someone('eve');
  await someone('fay');
  await someone('gus', { email: null });
  for (const who of ['eve', 'fay', 'gus']) await use(who, 20, '2026-01-10T12:00:00Z');
  mail.answer = (to) => (to.startsWith('eve') ? 'later' : to.startsWith('fay') ? 'never' : 'take');
  expect(await send('2026-01-10T12:05:00Z')).toMatchObject({ code: 0, done: 0, skipped: 3 });
  expect(await outbox('eve')).toMatchObject([
    { attempts: 1, sent: false, dead: false, last_error: expect.stringContaining('try later') as string },
  ]);
  expect(await outbox('fay')).toMatchObject([
    { dead: true, last_error: expect.stringContaining('no such mailbox') as string },
  ]);
  expect(await outbox('gus')).toMatchObject([{ dead: true, last_error: 'gus has no email address' }]);
  expect(await send('2026-01-10T12:05:59Z')).toMatchObject({ done: 0, skipped: 0 });
  expect(await send('2026-01-10T12:06:00Z')).toMatchObject({ skipped: 1 });
  mail.answer = () => 'take';
  expect(await send('2026-01-10T12:11:00Z')).toMatchObject({ done: 1 });
  expect(subjects('eve@example.org')).toEqual(['80 % of messages used']);
  await subctl(
    [
      'alerts',
      'resend',
      'fay',
      (await sql`select id from subctl.notifications where customer_id = 'fay'`)[0]!['id'] as string,
    ],
    { env },
  );
  await sql`update subctl.notifications set next_try_at = '2026-01-10T12:12:00Z' where customer_id = 'fay'`;
  expect(await send('2026-01-10T12:15:00Z')).toMatchObject({ done: 1 });
  expect(await outbox(eve)).toMatchObject([{ attempts: 3, sent: true, last_error: null }]);
});

test('a notice to the operator, which is of no customer, is found and sent again', async () => {
  await sql`
    insert into subctl.notifications (customer_id, id, kind, dedupe_key, payload, created_at, dead_at)
    values ('', 'op1', 'key_expiring', 'op1', '{}', '2026-01-10', '2026-01-10')`;
  const say = (...words: string[]) => subctl(['alerts', ...words], { env });
  const listed = await say('outbox', '--operator', '--json');
  expect(JSON.parse(listed.stdout)).toMatchObject([{ id: 'op1', customer: '', state: 'dead' }]);
  expect(await say('resend', '--operator', 'op1')).toMatchObject({ code: 0 });
  expect(await say('resend', '--operator', 'op1')).toMatchObject({
    code: 4,
    stderr: expect.stringContaining('Notice op1 of the operator waits'),
  });
  expect(await say('resend', '--operator', 'op2')).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('alerts outbox --operator'),
  });
  expect(await say('resend', '--operator', 'ann', 'op1')).toMatchObject({ code: 2 });
  expect(await say('resend', 'op1')).toMatchObject({ code: 2 });
  await sql`delete from subctl.notifications where id = 'op1'`;
});

test('a webhook that fails at random is told everything in the end, signed, each under one id; with both ways both are used', async () => {
  const ids = Array.from({ length: 12 }, (_, n) => `hook-${n}`);
  for (const id of ids) await use(await someone(id), 20, '2026-01-10T12:00:00Z');
  let calls = 0;
  fails = () => ++calls % 3 !== 0;
  const both = { ...smtp, SUBCTL_NOTICE_WEBHOOK_URL: hookUrl, SUBCTL_NOTICE_WEBHOOK_SECRET: secret };
  for (let minute = 5, left = true; left; minute += 30) {
    const asOf = new Date(Date.UTC(2026, 0, 10, 12, minute)).toISOString();
    await send(asOf, both);
    left = (await sql`select from subctl.notifications where sent_at is null and dead_at is null`).length > 0;
  }
  expect(hooks.every(({ signed }) => signed)).toBe(true);
  for (const id of ids) {
    expect((await outbox(id)).map(({ channel, sent }) => [channel, sent])).toEqual([
      ['email', true],
      ['webhook', true],
    ]);
    expect(new Set(hooks.filter(({ body }) => body['customer'] === id).map((hook) => hook.id)).size).toBe(1);
    expect(subjects(`${id}@example.org`)).toHaveLength(1);
  }
});

test('a sender that dies after it took a notice leaves it to its next try, and two at once never hold the same one', async () => {
  const who = await someone('ivy');
  await use(who, 20, '2026-02-10T12:00:00Z');
  const asOf = new Date('2026-02-10T12:05:00Z');
  await inTransaction(sql, (tx) => queueNotifications(tx, { asOf, batch: 100 }));
  const take = () => inTransaction(sql, (tx) => claimNotifications(tx, { asOf, customer: who, count: 10 }));
  const held = (await Promise.all(Array.from({ length: 8 }, take))).flat();
  expect(held).toHaveLength(1); // and nobody says that it was sent
  expect(await send('2026-02-10T12:05:30Z')).toMatchObject({ done: 0 });
  expect(await send('2026-02-10T12:06:00Z')).toMatchObject({ done: 1 });
});

test('what a customer does not want is not sent; what is owed cannot be muted', async () => {
  const kim = await someone('kim');
  expect((await subctl(['alerts', 'mute', kim, 'limit'], { env })).code).toBe(0);
  expect((await subctl(['alerts', 'mute', kim, 'payment_failed'], { env })).code).toBe(4);
  expect((await subctl(['alerts', 'mute', kim, 'limits'], { env })).stderr).toContain('did you mean limit?');
  await use(kim, 20, '2026-02-11T12:00:00Z');
  await send('2026-02-11T12:05:00Z');
  expect(subjects('kim@example.org')).toEqual([]);
  expect(await outbox(kim)).toMatchObject([{ dead: true, last_error: 'muted by the customer' }]);
});

test('without a way notices wait and are said to; half a setting is exit code 5', async () => {
  const lea = await someone('lea');
  await use(lea, 20, '2026-02-12T12:00:00Z');
  expect((await send('2026-02-12T12:05:00Z', {})).stderr).toContain('alerts outbox');
  expect(await outbox(lea)).toMatchObject([{ attempts: 0, sent: false, dead: false }]);
  const half = await subctl(['send-alerts'], { env: { ...env, SMTP_HOST: 'localhost' } });
  expect([half.code, half.stderr]).toEqual([5, expect.stringContaining('SMTP_FROM')]);
  const open = await subctl(['alerts', 'test'], { env: { ...env, SUBCTL_NOTICE_WEBHOOK_URL: hookUrl } });
  expect([open.code, open.stderr]).toEqual([5, expect.stringContaining('no secret')]);
  fails = () => false;
  const sent = await subctl(['alerts', 'test', '--to', 'me@example.org', '--json'], {
    env: { ...env, ...smtp },
  });
  expect([sent.code, JSON.parse(sent.stdout)]).toEqual([0, [{ channel: 'email', sent: true, error: null }]]);
});

test('alerts preview lists the kinds, and shows one with made-up facts or with those of a customer', async () => {
  const preview = (...words: string[]) => subctl(['alerts', 'preview', ...words], { env });
  expect((await preview()).stdout).toMatch(/^limit +usage reached a threshold of a limit +yes +subctl/m);
  expect((await preview('limit')).stdout).toMatch(
    /^Subject: 80 % of messages used\n\nada has used 400 of 500/,
  );
  expect((await preview('limit', '--customer', 'ada')).stdout).toMatch(/^ada has used 25 of 25 messages/m);
  expect((await preview('limit', '--html')).stdout).toMatch(/^<!doctype html>/);
  expect((await preview('limit', '--customer', 'nobody')).code).toBe(3);
  expect((await preview('limits')).stderr).toContain('did you mean limit?');
});
