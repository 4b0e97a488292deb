import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Client, type ClientOptions, subctl } from '../../src/library/subctl.ts';
import { testDatabase } from '../support/database.ts';
import { scaled } from '../support/load.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';
import * as world from '../usage/world.ts';
import { doorTo, layWorld, person } from './world.ts';

const { sql, url } = await testDatabase();
const door = await doorTo(url);
const folder = temporaryFolder('subctl-cache-');
const clients: Client[] = [];
const hour = 3_600_000;
let count = 0;
let who: string;

const open = (options: ClientOptions) => {
  const client = subctl({ url: door.url, ...options });
  clients.push(client);
  return client;
};
const feature = (value: string) =>
  sql`update subctl.plan_versions set features = jsonb_build_object('sso', ${value}::text::jsonb) where plan_id = 'pro'`;

beforeAll(async () => {
  await layWorld(sql);
  await world.plan(sql, 'small');
});
beforeEach(async () => {
  who = await person(sql, `c${count++}`);
  await feature('true');
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await door.proxy.close();
  removeFolder(folder);
});

const moveToSmall = () => sql`
  update subctl.subscriptions set plan_id = 'small', epoch = epoch + 1 where customer_id = ${who}`;

it('a change of the catalogue is seen as soon as it is looked at, however long customers are kept', async () => {
  const client = open({ cache: { milliseconds: hour, catalogueMs: 0 } });
  expect(await client.feature(who, 'sso')).toMatchObject({ allowed: true, value: true, plan: 'pro' });
  await feature('false');
  expect(await client.feature(who, 'sso')).toMatchObject({ allowed: false, reason: 'disabled' });
  await feature('12');
  expect(await client.feature(who, 'sso')).toMatchObject({ allowed: true, type: 'number', value: '12' });
});

it('a change of plan is seen when the time is over, and at once without a cache or with a transaction of one’s own', async () => {
  const kept = open({ cache: { milliseconds: hour } });
  const short = open({ cache: { milliseconds: 20 } });
  const none = open({});
  for (const client of [kept, short, none]) expect(await client.plan(who)).toMatchObject({ plan: 'pro' });
  await moveToSmall();
  expect(await none.plan(who)).toMatchObject({ plan: 'small' });
  expect(await kept.plan(who)).toMatchObject({ plan: 'pro' });
  expect(await kept.plan(who, { asOf: new Date() })).toMatchObject({ plan: 'small' });
  await expect.poll(async () => (await short.plan(who)).plan).toBe('small');
});

it('R16: nothing is kept beyond the end of its period', async () => {
  const soon = new Date(Date.now() + scaled(3_000)).toISOString();
  await sql`update subctl.subscriptions set current_period_end = ${soon}::timestamptz, ends_at = ${soon}::timestamptz, auto_renew = false where customer_id = ${who}`;
  const client = open({ cache: { milliseconds: hour } });
  expect(await client.has(who, 'sso')).toBe(true);
  await expect.poll(() => client.has(who, 'sso')).toBe(false);
});

it('limits are never kept: the last unit is used once, whatever is known of the plan', async () => {
  const client = open({ cache: { milliseconds: hour } });
  await client.plan(who);
  const asked = await Promise.all(
    Array.from({ length: 9 }, () => client.record({ customer: who, kind: 'image' })),
  );
  expect(asked.filter(({ allowed }) => allowed)).toHaveLength(5);
});

it('while the database is away, fail-open serves what is known, and fail-closed nothing', async () => {
  const cache = { milliseconds: 1, catalogueMs: 1 };
  const [closed, lenient] = [
    open({ cache }),
    open({ cache, onUnavailable: 'fail-open', spool: { folder: path.join(folder, 'spool') } }),
  ];
  for (const client of [closed, lenient]) expect(await client.has(who, 'sso')).toBe(true);
  await door.proxy.refuse();
  await expect(closed.has(who, 'sso')).rejects.toMatchObject({ kind: 'unavailable' });
  expect(await lenient.has(who, 'sso')).toBe(true);
  await expect(lenient.has('stranger', 'sso')).rejects.toMatchObject({ kind: 'unavailable' });
  await door.proxy.take();
});

it('a slip of the key is no `no`, and a stranger is nobody', async () => {
  const client = open({ cache: true });
  await expect(client.has(who, 'ssso')).rejects.toMatchObject({ kind: 'not_found' });
  await expect(client.has('stranger', 'sso')).rejects.toMatchObject({ kind: 'not_found' });
});
