import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Client, type ClientOptions, subctl } from '../../src/library/subctl.ts';
import { testDatabase } from '../support/database.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';
import { booksOf, doorTo, layWorld, person } from './world.ts';

const { sql, url } = await testDatabase();
const door = await doorTo(url);
const folder = temporaryFolder('subctl-hold-');
let count = 0;
let who: string;

beforeAll(() => layWorld(sql));
beforeEach(async () => {
  who = await person(sql, `h${count++}`);
});
afterAll(async () => {
  await door.proxy.close();
  removeFolder(folder);
});

async function withClient(options: ClientOptions, work: (client: Client) => Promise<void>): Promise<void> {
  const client = subctl({ url: door.url, timeoutMs: 4_000, retryMs: 3_000, ...options });
  await work(client);
  await client.close();
}

const spooling = (): ClientOptions => ({ spool: { folder: path.join(folder, String(count)) } });
const estimate = { kind: 'llm', inputTokens: 3_000, outputTokens: 3_000 };
const truth = { inputTokens: 2_900, outputTokens: 12, latencyMs: 840, status: '200' };
const tokensOf = async () => {
  const { limits } = await subctlUsage();
  return limits.find(({ meter }) => meter === 'tokens')?.used;
};
async function subctlUsage() {
  const client = subctl({ sql });
  const usage = await client.usage(who);
  await client.close();
  return usage;
}

it('R18: what is held counts until it is settled at what it was', () =>
  withClient({}, async (client) => {
    const held = await client.hold({ customer: who, ...estimate });
    expect(held.answer.allowed).toBe(true);
    const second = await client.hold({ customer: who, ...estimate });
    expect(second.answer).toMatchObject({ allowed: false, reason: 'limit_reached', meter: 'tokens' });
    await expect(second.settle()).rejects.toMatchObject({ kind: 'conflict' });
    expect(await held.settle(truth)).toMatchObject({ allowed: true });
    expect(await tokensOf()).toBe('2912');
    expect((await client.hold({ customer: who, ...estimate })).answer.allowed).toBe(true);
  }));

it('a call that was not made lets go', () =>
  withClient({}, async (client) => {
    const held = await client.hold({ customer: who, ...estimate });
    await held.release();
    await held.release();
    expect(await booksOf(sql, who)).toMatchObject({ events: 0, held: 0 });
  }));

it('a database that comes back in time has it all', () =>
  withClient({}, async (client) => {
    const held = await client.hold({ customer: who, ...estimate });
    await door.proxy.refuse();
    const settled = held.settle(truth);
    await new Promise((resolve) => setTimeout(resolve, 150));
    await door.proxy.take();
    expect(await settled).toMatchObject({ allowed: true, event_id: expect.any(String) as string });
    expect(await booksOf(sql, who)).toMatchObject({ events: 1, held: 0 });
  }));

it('what happened while the database died is kept, and is the same use as the one that may have been settled', () =>
  withClient(spooling(), async (client) => {
    const held = await client.hold({ ...estimate, customer: who, session: 'chat', metadata: { job: 1 } });
    await sql.begin(async (tx) => {
      await tx`select 1 from subctl.usage_totals where customer_id = ${who} for update`; // it will be settled, and nobody hears of it
      expect(await held.settle(truth)).toMatchObject({ spooled: true });
    });
    await expect.poll(async () => (await booksOf(sql, who)).events).toBe(1);
    await client.close();
    expect(await booksOf(sql, who)).toMatchObject({ events: 1, held: 0, keys: 1 });
    expect(await tokensOf()).toBe('2912');
  }));

it('what could not be settled at all is recorded from the spool, with the time of its reservation', () =>
  withClient(spooling(), async (client) => {
    const held = await client.hold({ ...estimate, customer: who });
    await door.proxy.refuse();
    expect(await held.settle(truth)).toMatchObject({ spooled: true });
    await door.proxy.take();
    await client.close();
    const [event] = await sql`select at, latency_ms from subctl.usage_events where customer_id = ${who}`;
    expect(event).toEqual({ at: new Date(held.answer.at), latency_ms: 840 });
  }));

it('a reservation that the database has lost, as a standby may that takes over, loses no use', () =>
  withClient({}, async (client) => {
    const held = await client.hold({ ...estimate, customer: who });
    await sql`delete from subctl.reservations where customer_id = ${who}`;
    expect(await held.settle(truth)).toMatchObject({ allowed: true });
    expect(await tokensOf()).toBe('2912');
  }));

it('fail-open holds nothing while the database is away, and records what happened', () =>
  withClient({ ...spooling(), onUnavailable: 'fail-open' }, async (client) => {
    await door.proxy.refuse();
    const held = await client.hold({ ...estimate, customer: who });
    expect(held.answer).toMatchObject({ allowed: true, unchecked: true });
    await held.settle(truth);
    const another = await client.hold({ ...estimate, customer: who });
    await another.release();
    await door.proxy.take();
    await client.close();
    expect(await booksOf(sql, who)).toMatchObject({ events: 1, counted: '1' });
    expect(await tokensOf()).toBe('2912');
  }));

it('fail-closed holds nothing and allows nothing', () =>
  withClient({}, async (client) => {
    await door.proxy.refuse();
    await expect(client.hold({ ...estimate, customer: who })).rejects.toMatchObject({ kind: 'unavailable' });
    await door.proxy.take();
  }));
