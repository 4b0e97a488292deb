import * as fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { connectTo } from '../../../src/database/connect.ts';
import { findServer } from '../../../src/database/embedded/find-server.ts';
import { embeddedAddress } from '../../../src/database/embedded/open.ts';
import { type EmbeddedPaths, embeddedPaths } from '../../../src/database/embedded/embedded-paths.ts';
import { pidFileOf, pidOf, processesOf } from '../../../src/database/embedded/postmaster.ts';
import { startServer } from '../../../src/database/embedded/start.ts';
import { stopServer } from '../../../src/database/embedded/stop.ts';
import { spawnSubctl } from '../../support/cli.ts';
import { newHome } from '../../support/embedded.ts';
import { fastSettings } from '../../support/test-server.ts';

const fast = { mayCreate: true, cluster: { settings: fastSettings, noSync: true } };
const home = await newHome();
await startServer(home, { mayCreate: true });
const other = await newHome();
await startServer(other, fast);

async function ask(place: EmbeddedPaths) {
  const connection = connectTo(embeddedAddress(place), 1);
  try {
    return (await connection`select 1 as one`)[0];
  } finally {
    await connection.end({ timeout: 1 });
  }
}

/** Kills the server and leaves its files behind. */
async function kill(place: EmbeddedPaths): Promise<void> {
  const pid = pidOf(place);
  if (!pid) throw new Error('No server to kill'); // 0 would be all of us
  process.kill(pid, 'SIGKILL');
  while ((await findServer(place)) !== undefined) await sleep(5);
}

const startAtOnce = (place: EmbeddedPaths, count: number) =>
  Promise.all(
    Array.from({ length: count }, () =>
      spawnSubctl(['db', 'start', '--json'], { env: { SUBCTL_HOME: place.home } }),
    ),
  );

describe('starting the embedded server', () => {
  test.each([1, 2, 3])(
    'killed, then eight commands at once: one starts it and all succeed (round %i)',
    async () => {
      await kill(home);
      const results = await startAtOnce(home, 8);
      expect(results.map(({ code, stderr }) => [code, stderr])).toEqual(Array(8).fill([0, '']));
      const said = results.map(({ stdout }) => JSON.parse(stdout) as { started: boolean; pid: number });
      expect(said.filter(({ started }) => started)).toHaveLength(1);
      expect(new Set(said.map(({ pid }) => pid))).toEqual(new Set([pidOf(home)]));
      expect(await ask(home)).toEqual({ one: 1 });
    },
  );

  test('two set up one folder at once: one makes the database, the other joins', async () => {
    const place = await newHome();
    const results = await startAtOnce(place, 2);
    expect(results.map(({ code, stderr }) => [code, stderr])).toEqual([[0, ''], [0, '']]); // prettier-ignore
    const said = results.map(({ stdout }) => JSON.parse(stdout) as { created: boolean; pid: number });
    expect(said.map(({ created }) => created).sort()).toEqual([false, true]);
    expect(said[0]?.pid).toBe(said[1]?.pid);
    expect(fs.readdirSync(place.home).sort()).toEqual(['data', 'password', 'pg', 'run']);
  });

  test.each([
    ['is empty', () => ''],
    ['names another process', () => `${process.pid}\n/elsewhere\n0\n5432\n\n\n\nready\n`],
    ['names a PostgreSQL of another folder', () => `${pidOf(other)}\n/elsewhere\n0\n5432\n\n\n\nready\n`],
    ['names no process', () => '4194303\n'],
  ])('a pid file that %s is cleared away', async (_, content) => {
    await startServer(home);
    await stopServer(home);
    fs.writeFileSync(pidFileOf(home), content());
    expect(await startServer(home)).toEqual({ created: false, started: true });
    expect(await ask(home)).toEqual({ one: 1 });
    expect(await ask(other)).toEqual({ one: 1 });
  });

  test('the lock file of a socket whose server is gone is cleared away', async () => {
    await startServer(home);
    await stopServer(home);
    fs.writeFileSync(`${home.socket}.lock`, `${process.pid}\n${home.data}\n0\n5432\n${home.socketFolder}\n`);
    await startServer(home);
    expect(await ask(home)).toEqual({ one: 1 });
  });

  test('a server whose socket was removed is started anew', async () => {
    await startServer(home);
    fs.rmSync(home.socket);
    expect(await startServer(home)).toEqual({ created: false, started: true });
    expect(await ask(home)).toEqual({ one: 1 });
  });

  test.runIf(process.platform === 'linux')('what a killed server left running is ended first', async () => {
    await startServer(home);
    const connection = connectTo(embeddedAddress(home), 1);
    const busy = connection`select count(*) from generate_series(1, 1000000000)`.catch(() => undefined);
    await sleep(100);
    await kill(home);
    expect(processesOf(home).length).toBeGreaterThan(0);
    await startServer(home);
    expect(await ask(home)).toEqual({ one: 1 });
    await connection.end({ timeout: 0 });
    await busy;
  });

  test('a log over 10 MB is put aside', async () => {
    await stopServer(home);
    fs.truncateSync(home.log, 11 * 1024 * 1024);
    await startServer(home);
    expect(fs.statSync(home.log).size).toBeLessThan(100_000);
    // an orphan of the crashes above may still have had a word to say
    expect(fs.statSync(`${home.log}.1`).size).toBeGreaterThanOrEqual(11 * 1024 * 1024);
  });

  test('what was committed before a crash is there after it', async () => {
    const connection = connectTo(embeddedAddress(home), 1);
    await connection`create table public.kept as select 1 as n`;
    await connection.end();
    await kill(home);
    await startServer(home);
    const again = connectTo(embeddedAddress(home), 1);
    await expect(again`select n from public.kept`).resolves.toEqual([{ n: 1 }]);
    await again.end();
  });

  test('a folder moved while its server is stopped works where it is now', async () => {
    const place = await newHome();
    await startServer(place, fast);
    await stopServer(place);
    fs.renameSync(place.home, `${place.home} moved`);
    const moved = embeddedPaths(`${place.home} moved`);
    await startServer(moved);
    expect(await ask(moved)).toEqual({ one: 1 });
    await stopServer(moved);
  });
});
