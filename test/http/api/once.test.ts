import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { doorOf, through } from '../../daemon/fixture.ts';
import { root } from '../../support/cli.ts';
import { testDatabase } from '../../support/database.ts';
import { hasPgBouncer, startPgBouncer } from '../../support/pgbouncer.ts';
import { addOne, assign, loadLadder } from '../../support/plans.ts';
import { openProxy } from '../../support/proxy.ts';
import { startApi } from './world.ts';

const { sql, url, env } = await testDatabase({ max: 10 });
const api = await startApi(sql);
let token: string;

beforeAll(async () => {
  await loadLadder(sql);
  await sql`update subctl.plan_limits set limit_value = 1000 where plan_id = 'pro' and meter_id = 'messages'`;
  await sql`select subctl_internal.compile_all()`;
  for (const id of ['last', 'same', 'killed', 'dying', 'bounced']) {
    await addOne(sql, { id });
    await assign(sql, new Date().toISOString(), { customer: id, plan: 'pro', collection: 'complimentary' });
  }
  token = await api.token();
});

const eventsOf = async (customer: string) =>
  (
    await sql<
      [{ n: number }]
    >`select count(*)::int as n from subctl.usage_events where customer_id = ${customer}`
  )[0].n;

describe('64 at once', () => {
  test('for the last unit: one has it, the others are 429 with when to come back', async () => {
    await api.ask('/v1/record', { token, body: { customer: 'last', kind: 'llm', quantity: 999 } });
    const asked = Array.from({ length: 64 }, (_, n) =>
      api.ask('/v1/record', { token, body: { customer: 'last', kind: 'llm', key: `last-${n}` } }),
    );
    const answers = await Promise.all(asked);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(63);
    for (const { headers, body } of refused) {
      expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
      expect(body).toMatchObject({ allowed: false, reason: 'limit_reached', error: { code: 'refused' } });
    }
    expect(await eventsOf('last')).toBe(2);
  });

  test('with one key, by body and by header: one event and one answer', async () => {
    const body = { customer: 'same', kind: 'llm' };
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, n) =>
        n % 2 === 0
          ? api.ask('/v1/record', { token, body: { ...body, key: 'one' } })
          : api.ask('/v1/record', { token, body, headers: { 'Idempotency-Key': 'one' } }),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body: { event_id: id } }) => id as string)).size).toBe(1);
    expect(answers.filter(({ body: { replayed } }) => replayed === false)).toHaveLength(1);
    expect(await eventsOf('same')).toBe(1);
    const other = await api.ask('/v1/record', { token, body: { ...body, key: 'one', quantity: 2 } });
    expect(other).toMatchObject({ status: 409, body: { error: { code: 'conflict' } } });
    const two = await api.ask('/v1/record', {
      token,
      body: { ...body, key: 'a' },
      headers: { 'Idempotency-Key': 'b' },
    });
    expect(two.status).toBe(400);
  });

  test('the header keys each use of a batch by its place: sent again, all are the first', async () => {
    const uses = Array.from({ length: 5 }, () => ({ customer: 'same', kind: 'llm' }));
    const send = () =>
      api.ask('/v1/record/batch', { token, body: { uses }, headers: { 'Idempotency-Key': 'batch' } });
    const [first, second] = [await send(), await send()];
    expect(first.body).toMatchObject({ recorded: 5, refused: 0 });
    expect(second.body.answers).toMatchObject(
      first.body.answers.map(({ event_id }: { event_id: string }) => ({ event_id, replayed: true })),
    );
    expect(await eventsOf('same')).toBe(6);
  });
});

const waiting = async () =>
  (
    await sql<[{ n: number }]>`
      select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`
  )[0].n;

/** A way to the database that can be told to lose the next answer of a use, and all that comes after it. */
async function openLossy() {
  const held = { isArmed: false, isLossy: false };
  const server = createServer((client) => {
    const door = doorOf(url);
    const database = typeof door === 'number' ? connect(door, '127.0.0.1') : connect(door);
    client.on('data', (data) => database.write(data));
    database.on('data', (data) => {
      held.isLossy ||= held.isArmed && data.includes('"event_id"');
      if (!held.isLossy) client.write(data);
    });
    for (const [one, other] of [
      [client, database],
      [database, client],
    ] as const)
      one.on('error', () => undefined).on('close', () => other.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, lose: () => (held.isArmed = true), close: () => server.close() };
}

// Registered for the file: hooks that a running test registers would be ignored.
const children: ChildProcess[] = [];
afterAll(() => children.forEach((child) => child.kill('SIGKILL')));

/** The program itself, serving. */
async function serve(database: string) {
  const child = spawn(
    process.execPath,
    [path.join(root, 'bin/subctl.js'), 'serve', '--listen', '127.0.0.1:0'],
    {
      env: { ...env, PATH: process.env['PATH'], DATABASE_URL: database },
      cwd: '/',
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let said = '';
  const address = await new Promise<string>((resolve, reject) => {
    child.stderr.on('data', (data: Buffer) => {
      said += data.toString();
      const found = /The API is at (\S+)\/v1/.exec(said);
      if (found) resolve(found[1]!);
    });
    child.once('close', (code) => reject(new Error(`serve ended with ${code}: ${said}`)));
  });
  children.push(child);
  const post = (body: object) =>
    fetch(`${address}/v1/record`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    });
  return { child, address, post, said: () => said };
}

test('a server that is killed between recording and answering: sent again with its key it is one event', async () => {
  const way = await openLossy();
  const first = await serve(through({ port: way.port } as never, url));
  expect((await first.post({ customer: 'killed', kind: 'llm', key: 'before' })).status).toBe(200);
  way.lose();
  const asked = first.post({ customer: 'killed', kind: 'llm', key: 'during' }).catch(() => 'no answer');
  await expect.poll(() => eventsOf('killed')).toBe(2);
  first.child.kill('SIGKILL');
  expect(await asked).toBe('no answer');
  way.close();
  const second = await serve(url);
  const again = await second.post({ customer: 'killed', kind: 'llm', key: 'during' });
  expect([again.status, await again.json()]).toMatchObject([200, { allowed: true, replayed: true }]);
  expect(await eventsOf('killed')).toBe(2);
});

test('SIGTERM: what is under way is answered, nothing new is taken, the exit code is 0', async () => {
  const { child, address, post } = await serve(url);
  for (const at of ['/healthz', '/readyz']) expect((await fetch(`${address}${at}`)).status).toBe(200);
  expect(await (await fetch(`${address}/docs`)).text()).toContain('id="record"');
  let held: Promise<Response> | undefined;
  await sql.begin(async (tx) => {
    await tx`select subctl_internal.lock_customers(array['dying'])`;
    held = post({ customer: 'dying', kind: 'llm', key: 'held' });
    await expect.poll(waiting).toBeGreaterThan(0);
    child.kill('SIGTERM');
    const asked = () => fetch(`${address}/healthz`).catch(() => 'refused');
    await expect.poll(asked).toBe('refused');
  });
  const answer = (await held)!;
  expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'close']);
  if (child.exitCode === null) await once(child, 'close');
  expect(child.exitCode).toBe(0);
});

test('a database that dies under it: 503 with when to try again, nothing of it told; and then each key once', async () => {
  const proxy = await openProxy(doorOf(url));
  const { post, said } = await serve(through(proxy, url));
  const before = await eventsOf('dying');
  const record = (n: number) => post({ customer: 'dying', kind: 'llm', key: `dying-${n}` });
  expect((await record(0)).status).toBe(200);
  const during = Array.from({ length: 30 }, async (_, n) => {
    if (n === 10) await proxy.refuse();
    const answer = await record(n);
    return { status: answer.status, retry: answer.headers.get('retry-after'), text: await answer.text() };
  });
  for (const { status, retry, text } of await Promise.all(during)) {
    expect([200, 503]).toContain(status);
    if (status === 503) expect([retry, text]).toEqual(['1', expect.not.stringContaining('127.0.0.1')]);
  }
  expect((await record(5)).status).toBe(503);
  await proxy.take();
  for (let n = 0; n < 30; n++) expect((await record(n)).status).toBe(200);
  expect((await eventsOf('dying')) - before).toBe(30);
  expect(said()).toContain('request failed');
  expect(said()).not.toContain('dying');
  await proxy.close();
});

if (!hasPgBouncer)
  console.log('PgBouncer is not installed (Debian: apt-get install pgbouncer): its test is skipped');

test.skipIf(!hasPgBouncer)('through PgBouncer in transaction mode', async () => {
  const bouncer = await startPgBouncer(url);
  const { post, child } = await serve(bouncer.url);
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, n) => post({ customer: 'bounced', kind: 'llm', key: `b-${n % 20}` })),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(await eventsOf('bounced')).toBe(20);
  child.kill('SIGTERM');
  await once(child, 'close');
  await bouncer.stop();
});
