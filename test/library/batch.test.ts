import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBatches } from '../../src/library/batch.ts';
import { openDatabaseSession } from '../../src/library/database-session.ts';
import { type Client, type Failure, subctl } from '../../src/library/subctl.ts';
import { testDatabase } from '../support/database.ts';
import { booksOf, doorTo, layWorld, person } from './world.ts';

const { sql, url } = await testDatabase();
const clients: Client[] = [];
const open = (options: Parameters<typeof subctl>[0]) => {
  const client = subctl({ url, ...options });
  clients.push(client);
  return client;
};

beforeAll(() => layWorld(sql));
afterAll(() => Promise.all(clients.map((client) => client.close())));

let people = 0;
const someone = () => person(sql, `b${people++}`);

it('each use of a batch has its own verdict: five of twelve fit', async () => {
  const client = open({ batch: { size: 4, milliseconds: 1 } });
  const [ada, bob] = [await someone(), await someone()];
  const uses = Array.from({ length: 24 }, (_, at) => ({ customer: at % 2 ? ada : bob, kind: 'image' }));
  const answers = await Promise.all(uses.map((use) => client.record(use)));
  for (const who of [ada, bob]) {
    const own = answers.filter(({ customer }) => customer === who);
    expect(own.map(({ allowed }) => allowed)).toEqual([...Array(5).fill(true), ...Array(7).fill(false)]);
    expect(own[11]).toMatchObject({ reason: 'limit_reached', meter: 'images', used: '5' });
    expect(await booksOf(sql, who)).toMatchObject({ events: 5, counted: '5', keys: 5 });
  }
});

it('in batches of any size the verdicts are those of one call after the other', async () => {
  const batched = open({ batch: { size: 3, milliseconds: 1 } });
  const single = open({});
  const use = fc.record({ kind: fc.constantFrom('image', 'llm'), quantity: fc.integer({ min: 0, max: 3 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(use, { minLength: 1, maxLength: 10 }), async (uses) => {
      const [one, twin] = [await someone(), await someone()];
      const together = await Promise.all(uses.map((each) => batched.record({ ...each, customer: one })));
      for (const [at, each] of uses.entries()) {
        const { allowed, reason, limits } = await single.record({ ...each, customer: twin });
        expect(together[at]).toMatchObject({ allowed, reason, limits: limits.map(({ used }) => ({ used })) });
      }
    }),
    { numRuns: 15, seed: 11 },
  );
});

it('a use that is none fails alone, whether the batch can name it or not', async () => {
  const client = open({ batch: { size: 100, milliseconds: 1 } });
  const ada = await someone();
  const told = await Promise.allSettled([
    client.record({ customer: ada, kind: 'image', key: 'k' }),
    client.record({ customer: ada, kind: 'poem' }),
    client.record({ customer: ada, kind: 'llm', latencyMs: 'long' as unknown as number }), // not even a row
    client.record({ customer: ada, kind: 'llm', inputTokens: 0.5 }),
    client.record({ customer: ada, kind: 'llm', inputTokens: 7 }),
    client.record({ customer: ada, kind: 'image', key: 'k', quantity: 2 }),
  ]);
  const kinds = told.map((each) =>
    each.status === 'fulfilled' ? each.value.allowed : (each.reason as Failure).kind,
  );
  expect(kinds).toEqual([true, 'usage', 'usage', 'usage', true, 'conflict']);
  expect(await booksOf(sql, ada)).toMatchObject({ events: 2, counted: '2' });
});

it('no more is taken than there is room for, and all of it has a verdict in the end', async () => {
  const link = openDatabaseSession({ url });
  const room = { size: 2, milliseconds: 1, capacity: 4, lanes: 1, retryMs: 0, keep: () => undefined };
  const batches = openBatches({ ...room, database: link });
  const ada = await someone();
  const arrived: number[] = [];
  let records: Promise<unknown>[] = [];
  await sql.begin(async (tx) => {
    await tx`select 1 from subctl.usage_totals where customer_id = ${ada} for update`; // nobody records for her now
    records = Array.from({ length: 12 }, (_, at) =>
      batches.record({ customer: ada, kind: 'llm', key: `k${at}` }).then(() => arrived.push(at)),
    );
    await tx`select pg_sleep(0.1)`;
    expect(batches.unacknowledged()).toHaveLength(4);
    expect(arrived).toEqual([]);
  });
  await Promise.all(records);
  expect(arrived).toEqual(Array.from({ length: 12 }, (_, at) => at));
  await link.close();
});

it('U2 R15: answers that are lost on the way are asked for again, and every use counts once', async () => {
  const door = await doorTo(url);
  const client = open({ url: door.url, batch: { size: 5, milliseconds: 1 } });
  const ada = await someone();
  const records = Array.from({ length: 60 }, () => client.record({ customer: ada, kind: 'llm' }));
  for (let cuts = 0; cuts < 6; cuts++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    door.proxy.cut();
  }
  const answers = await Promise.all(records);
  expect(answers.every(({ allowed }) => allowed)).toBe(true);
  expect(await booksOf(sql, ada)).toMatchObject({ events: 60, counted: '60' });
  await client.close();
  await door.proxy.close();
});

it('R17: without a database a batch is refused in the end, and nothing of it was recorded', async () => {
  const door = await doorTo(url);
  const client = open({ url: door.url, batch: true, retryMs: 200 });
  const ada = await someone();
  await door.proxy.refuse();
  await expect(client.record({ customer: ada, kind: 'llm' })).rejects.toMatchObject({ kind: 'unavailable' });
  expect(await booksOf(sql, ada)).toMatchObject({ events: 0 });
  await client.close();
  await door.proxy.close();
});

it('close sends what waits', async () => {
  const client = open({ batch: { milliseconds: 60_000 } });
  const ada = await someone();
  const told = client.record({ customer: ada, kind: 'llm' });
  await client.close();
  expect(await told).toMatchObject({ allowed: true });
  expect(await booksOf(sql, ada)).toMatchObject({ events: 1 });
});
