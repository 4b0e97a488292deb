import { readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, inject, test } from 'vitest';
import { migrate } from '../../src/database/migrate.ts';
import { start } from '../crash/stand.ts';
import { Dice } from '../simulator/dice.ts';
import { root, subctl } from '../support/cli.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';
import { wholeDatabase } from '../support/whole-database.ts';
import { databasesOn } from './places.ts';

const program = { folder: path.join(root, 'drizzle'), program: '0.1.0' };
const folder = temporaryFolder('subctl-kills-');
afterAll(() => removeFolder(folder));
const server = databasesOn(inject('testServer').url);
const rounds = process.env['SUBCTL_LONG'] ? 20 : 4;

const full = await server.create();
await migrate(full.sql, program);
await full.sql`
  insert into subctl.customers (id, name, created_at) select 'c' || n, md5(n::text), now() from generate_series(1, 20000) n`;
const url = full.env['DATABASE_URL']!;
const password = { PGPASSWORD: full.env['PGPASSWORD'] ?? '' };
const file = path.join(folder, 'whole.backup');

test('a backup that is killed leaves no file of its name, and the next one is whole', async () => {
  const first = await start(url, ['db', 'backup', file, '--method', 'copy']).ended;
  expect([first.code, first.stderr]).toEqual([0, '']);
  const dice = new Dice(4);
  for (let round = 0; round < rounds; round += 1) {
    const name = path.join(folder, `killed-${round}`);
    const run = start(url, ['db', 'backup', name, '--method', 'copy']);
    await sleep(first.milliseconds * (0.3 + 0.7 * dice.next()));
    run.kill();
    await run.ended;
    if (readdirSync(folder).includes(path.basename(name)))
      expect((await subctl(['db', 'verify', name])).code, 'it was whole').toBe(0);
  }
});

test('a restore that is killed leaves nothing or all, and the next one is whole', async () => {
  const wanted = await wholeDatabase(full.sql);
  const goal = await server.create();
  const line = (to: string) => ['db', 'restore', file, '--into', to, '--no-doctor'];
  const first = await start(url, line(goal.url), password).ended;
  expect([first.code, first.stderr]).toEqual([0, '']);
  const dice = new Dice(5);
  for (let round = 0; round < rounds; round += 1) {
    const { sql, url: to } = await server.create();
    const run = start(url, line(to), password);
    await sleep(first.milliseconds * (0.3 + 0.65 * dice.next()));
    run.kill();
    await run.ended;
    await sleep(300); // the server notices
    const [row] = await sql<{ name: string | null }[]>`select to_regnamespace('subctl')::text as name`;
    if (row!.name === null) expect((await start(url, line(to), password).ended).code).toBe(0);
    expect(await wholeDatabase(sql)).toEqual(wanted);
  }
});

test('a signal ends a backup and takes its file away', async () => {
  const { spawn } = await import('node:child_process');
  const name = path.join(folder, 'interrupted');
  const child = spawn(
    process.execPath,
    [path.join(root, 'bin/subctl.js'), 'db', 'backup', name, '--method', 'copy'],
    {
      env: { PATH: process.env['PATH'] ?? '', DATABASE_URL: url },
      stdio: 'ignore',
    },
  );
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  for (let n = 0; n < 500 && !readdirSync(folder).some((one) => one.startsWith('.interrupted')); n += 1)
    await sleep(5);
  child.kill('SIGTERM');
  const code = await ended;
  expect([0, 143]).toContain(code);
  expect(readdirSync(folder).filter((one) => one.includes('interrupted'))).toEqual(
    code === 0 ? ['interrupted'] : [],
  );
});
