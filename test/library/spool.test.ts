import * as fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ClientOptions, type Failure, subctl } from '../../src/library/subctl.ts';
import { subctl as program } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';
import { booksOf, doorTo, layWorld, person } from './world.ts';

const { sql, url, env } = await testDatabase();
const door = await doorTo(url);
const folder = temporaryFolder('subctl-spool-');
let count = 0;

beforeAll(() => layWorld(sql));
afterAll(async () => {
  await door.proxy.close();
  removeFolder(folder);
});

/** A client behind the door with a spool of its own, what it said, and somebody to use it. */
async function place(options: ClientOptions = {}) {
  const at = path.join(folder, String(count++));
  const problems: Failure[] = [];
  const start = (more: ClientOptions = {}) =>
    subctl({
      ...{ url: door.url, onUnavailable: 'fail-open', spool: { folder: at } },
      ...{ onProblem: (problem) => problems.push(problem), retryMs: 100, ...options, ...more },
    });
  const lines = () =>
    filesIn(at).flatMap((name) => fs.readFileSync(path.join(at, name), 'utf8').trim().split('\n'));
  return { at, problems, start, lines, who: await person(sql, `s${count}`) };
}

const filesIn = (at: string) => (fs.existsSync(at) ? fs.readdirSync(at).sort() : []);

it('W18: what is allowed unchecked while the database is away is recorded when it is back, beyond the limit if need be', async () => {
  const { start, who, lines, at } = await place();
  const client = start();
  expect(await client.record({ customer: who, kind: 'image', quantity: 4 })).toMatchObject({ allowed: true });
  await door.proxy.refuse();
  expect(await client.check({ customer: who, kind: 'image' })).toMatchObject({
    allowed: true,
    unchecked: true,
  });
  const kept = await Promise.all(
    [2, 3].map((quantity) => client.record({ customer: who, kind: 'image', quantity })),
  );
  expect(kept).toMatchObject([{ allowed: true, spooled: true }, { spooled: true }]);
  expect(lines()).toHaveLength(2);
  expect(await booksOf(sql, who)).toMatchObject({ events: 1 });
  await door.proxy.take();
  await client.close();
  expect(await booksOf(sql, who)).toMatchObject({ events: 3 });
  expect(
    await sql`select trim_scale(sum(quantity))::text as n from subctl.usage_events where customer_id = ${who}`,
  ).toEqual([{ n: '9' }]);
  expect(filesIn(at)).toEqual([]);
});

it('what a process has left behind is recorded by the next one, each use once', async () => {
  const { start, who, lines } = await place();
  await door.proxy.refuse();
  const first = start();
  await first.record({ customer: who, kind: 'llm', key: 'one' });
  await first.record({ customer: who, kind: 'llm', key: 'two' });
  await first.close();
  const before = lines();
  expect(before).toHaveLength(2);
  await door.proxy.take();
  const [second, third] = [start(), start()];
  await Promise.all([second.close(), third.close()]);
  expect(await booksOf(sql, who)).toMatchObject({ events: 2, counted: '2' });
});

it('R15: a use whose answer was lost is kept, and found to be there already', async () => {
  const { start, who, problems, at } = await place();
  const client = start({ timeoutMs: 3_000 });
  let told: Promise<unknown> | undefined;
  await sql.begin(async (tx) => {
    await tx`select 1 from subctl.usage_totals where customer_id = ${who} for update`; // the database has the question, and cannot answer yet
    told = client.record({ customer: who, kind: 'image', quantity: 5, key: 'slow' });
    expect(await told).toMatchObject({ spooled: true });
  });
  await expect.poll(async () => (await booksOf(sql, who)).events).toBe(1); // as it was asked
  await expect.poll(() => filesIn(at)).toEqual([]);
  await client.close();
  expect(await booksOf(sql, who)).toMatchObject({ events: 1 });
  expect(problems).toEqual([]);
});

it('a line that can never be recorded is set aside with its reason, and stops nobody', async () => {
  const { start, who, at, problems, lines } = await place();
  await door.proxy.refuse();
  const client = start();
  await client.record({ customer: who, kind: 'llm' });
  await client.record({ customer: 'nobody', kind: 'llm' });
  await client.record({ customer: who, kind: 'poem' });
  await client.record({ customer: who, kind: 'llm', latencyMs: 'long' as unknown as number });
  await client.record({ customer: who, kind: 'llm' });
  await client.close();
  fs.appendFileSync(path.join(at, filesIn(at)[0]!), '{"customer": "s4", "ki'); // cut off by a crash: nobody was told
  await door.proxy.take();
  await start().close();
  expect(await booksOf(sql, who)).toMatchObject({ events: 2 });
  expect(filesIn(at)).toEqual([expect.stringMatching(/\.rejected$/)]);
  const reasons = lines().map((line) => (JSON.parse(line) as { reason: string }).reason);
  expect(reasons.sort()).toEqual(['invalid', 'no_customer', 'usage', 'usage']);
  expect(problems.at(-1)?.message).toMatch(/^4 uses of the spool .* could not be recorded$/);
});

it('a file that another process has taken up meanwhile is left to it, and nothing is lost', async () => {
  const { start, who, at } = await place();
  await door.proxy.refuse();
  const client = start();
  await client.record({ customer: who, kind: 'llm' });
  const [open] = filesIn(at);
  fs.renameSync(path.join(at, open!), path.join(at, `${open!.slice(0, 20)}-taken.txt`)); // it has been read, and is about to go
  await client.record({ customer: who, kind: 'image', quantity: 2 });
  fs.rmSync(path.join(at, `${open!.slice(0, 20)}-taken.txt`));
  await door.proxy.take();
  await client.close();
  const events = await sql`select kind from subctl.usage_events where customer_id = ${who}`;
  expect(events.map(({ kind }) => kind as string)).toEqual(['image']);
});

it('subctl usage import reads what is kept', async () => {
  const { start, who, at } = await place();
  await door.proxy.refuse();
  const client = start();
  const use = { customer: who, kind: 'llm', inputTokens: 120, units: { words: 3 }, metadata: { job: 7 } };
  await client.record({ ...use, latencyMs: 12, session: 'chat', endpoint: '/v1' });
  await client.record({ customer: who, kind: 'image', quantity: 6 });
  await client.close();
  await door.proxy.take();
  const [file] = filesIn(at);
  const { code, stdout } = await program(['usage', 'import', path.join(at, file!)], { env });
  expect(code, stdout).toBe(7); // R26: tokens of no provider are unpriced
  await start().close();
  expect(await booksOf(sql, who)).toMatchObject({ events: 2 });
});

it('a spool has an end: what does not fit is not taken', async () => {
  const { start, who } = await place();
  await door.proxy.refuse();
  const client = start({ spool: { folder: path.join(folder, 'small'), bytes: 600 } });
  const told = await Promise.allSettled(
    Array.from({ length: 8 }, () => client.record({ customer: who, kind: 'llm' })),
  );
  const taken = told.filter(({ status }) => status === 'fulfilled');
  const left = told.find((each) => each.status === 'rejected')?.reason as Failure;
  expect(left).toMatchObject({
    kind: 'unavailable',
    message: expect.stringMatching(/may have 600$/) as string,
  });
  await door.proxy.take();
  await client.close();
  expect(await booksOf(sql, who)).toMatchObject({ events: taken.length });
});

it('fail-closed keeps only what has happened, and fail-open must have a spool', async () => {
  const { start, who } = await place({ onUnavailable: 'fail-closed' });
  await door.proxy.refuse();
  const client = start();
  await expect(client.record({ customer: who, kind: 'llm' })).rejects.toMatchObject({ kind: 'unavailable' });
  expect(await client.record({ customer: who, kind: 'llm', alreadySpent: true })).toMatchObject({
    spooled: true,
  });
  await door.proxy.take();
  await client.close();
  expect(await booksOf(sql, who)).toMatchObject({ events: 1 });
  expect(() => subctl({ url, onUnavailable: 'fail-open' })).toThrow('without a spool');
});
