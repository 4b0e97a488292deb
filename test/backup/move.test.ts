import { setTimeout as sleep } from 'node:timers/promises';
import path from 'node:path';
import { expect, inject, test } from 'vitest';
import { migrate } from '../../src/database/migrate.ts';
import { Dice } from '../simulator/dice.ts';
import { start } from '../crash/stand.ts';
import { root, subctl } from '../support/cli.ts';
import { wholeDatabase } from '../support/whole-database.ts';
import { databasesOn } from './places.ts';

const program = { folder: path.join(root, 'drizzle'), program: '0.1.0' };
const server = databasesOn(inject('testServer').url);

async function filled() {
  const place = await server.create();
  await migrate(place.sql, program);
  await place.sql`
    insert into subctl.customers (id, name, created_at) select 'c' || n, md5(n::text), now() from generate_series(1, 3000) n`;
  return place;
}

const hasSchema = async ({ sql }: Awaited<ReturnType<typeof filled>>) =>
  (await sql<{ name: string | null }[]>`select to_regnamespace('subctl')::text as name`)[0]!.name !== null;

test('subctl db move takes a database to another place, and the old one says where it is', async () => {
  const [from, to] = [await filled(), await server.create()];
  const before = await wholeDatabase(from.sql);
  const done = await subctl(['db', 'move', '--to', to.url, '--yes', '--json'], { env: from.env });
  expect(done.code, done.stderr).toBe(0);
  expect(await wholeDatabase(to.sql)).toEqual(before);
  for (const line of [
    ['customers', 'list'],
    ['setup', '--yes'],
  ]) {
    const refused = await subctl(line, { env: from.env });
    expect([refused.code, refused.stderr]).toEqual([
      5,
      expect.stringMatching(
        /^error: The database was moved to postgres:\/\/.* on \d{4}-\d\d-\d\d at \d\d:\d\d UTC\n/,
      ),
    ]);
  }
  // and back
  const back = await subctl(['db', 'move', '--to', from.url, '--yes', '--no-doctor'], {
    env: { ...to.env },
  });
  expect(back.code, back.stderr).toBe(0);
  expect(await wholeDatabase(from.sql)).toEqual(before);
});

test('a place that has a schema subctl is not moved to', async () => {
  const [from, to] = [await filled(), await filled()];
  const done = await subctl(['db', 'move', '--to', to.url, '--yes'], { env: from.env });
  expect([done.code, done.stderr]).toEqual([8, expect.stringContaining('already has a schema subctl')]);
  expect(await hasSchema(from)).toBe(true);
});

test('without --yes and without a terminal nothing is moved', async () => {
  const [from, to] = [await filled(), await server.create()];
  expect((await subctl(['db', 'move', '--to', to.url], { env: from.env })).code).toBe(2);
  expect(await hasSchema(to)).toBe(false);
});

test('a task and a daemon at work are named, and nothing is moved', async () => {
  const [from, to] = [await filled(), await server.create()];
  await from.sql`
    insert into subctl.jobs (task, cron, lease_owner, lease_until) values ('prune', '0 4 * * *', 'host-1', clock_timestamp() + interval '1 minute')`;
  await from.sql`
    insert into subctl.daemons (id, host, pid, program, started_at, seen_at) values ('d', 'host-2', 77, '0.1.0', now(), clock_timestamp())`;
  const done = await subctl(['db', 'move', '--to', to.url, '--yes'], { env: from.env });
  expect([done.code, done.stderr]).toEqual([
    4,
    expect.stringContaining('a daemon is at work on host-2 (process 77); host-1 runs the task prune'),
  ]);
  expect([await hasSchema(from), await hasSchema(to)]).toEqual([true, false]);
});

test('what is written while a move begins is moved, and what is written after it is refused', async () => {
  const [from, to] = [await filled(), await server.create()];
  const tx = from.sql.begin(async (sql) => {
    await sql`insert into subctl.customers (id, created_at) values ('late', now())`;
    await sleep(1500);
  });
  await sleep(100);
  const moving = subctl(['db', 'move', '--to', to.url, '--yes', '--no-doctor'], { env: from.env });
  await sleep(700);
  const after = from.sql`insert into subctl.customers (id, created_at) values ('later', now())`.then(
    () => 'written',
    () => 'refused',
  );
  await tx;
  expect((await moving).code).toBe(0);
  const found = (await to.sql<{ id: string }[]>`select id from subctl.customers where id ~ 'late'`).map(
    ({ id }) => id,
  );
  expect(found).toContain('late');
  expect((await after) === 'written').toBe(found.includes('later'));
});

test('killed at any instant, one whole database is in use', async () => {
  const dice = new Dice(3);
  const [first, goal] = [await filled(), await server.create()];
  const wanted = await wholeDatabase(first.sql);
  const line = (to: string) => ['db', 'move', '--to', to, '--yes', '--no-doctor'];
  const password = { PGPASSWORD: first.env['PGPASSWORD'] ?? '' };
  const { milliseconds, code, stderr } = await start(first.env['DATABASE_URL']!, line(goal.url), password)
    .ended;
  expect(code, stderr).toBe(0);
  for (let round = 0; round < (process.env['SUBCTL_LONG'] ? 20 : 4); round += 1) {
    const [from, to] = [await filled(), await server.create()];
    const rows = (await wholeDatabase(from.sql)).rows['customers'];
    const run = start(from.env['DATABASE_URL']!, line(to.url), password);
    await sleep(milliseconds * (0.3 + 0.7 * dice.next()));
    run.kill();
    await run.ended;
    await sleep(300); // the server notices
    const [old, isNew] = [await hasSchema(from), await hasSchema(to)];
    expect(old || isNew).toBe(true);
    for (const [there, { sql }] of [
      [old, from],
      [isNew, to],
    ] as const)
      if (there) {
        const { rows: found, definitions } = await wholeDatabase(sql);
        expect([found['customers'], definitions]).toEqual([rows, wanted.definitions]);
      }
  }
});
