import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { subctl } from '../../src/library/subctl.ts';
import { root } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';
import * as world from '../usage/world.ts';
import { doorTo } from './world.ts';

const { sql, url, env } = await testDatabase();
const folder = temporaryFolder('subctl-once-');
const isLong = Boolean(process.env['SUBCTL_LONG']);
const calls = isLong ? 100_000 : 2_000;
const deaths = isLong ? 15 : 3;
const customers = 20;

beforeAll(async () => {
  await world.lay(sql);
  await world.plan(sql, 'pro', { limits: { calls: { month: null }, tokens: { month: null } } });
  for (let at = 0; at < customers; at++) {
    await world.customer(sql, `x${at}`);
    await world.subscribe(sql, `x${at}`, 'pro', { at: '2020-01-01T00:00:00Z' });
  }
});
afterAll(() => removeFolder(folder));

const toldOf = (file: string) => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split('\n').length : 0);

it(`U2 R15: ${calls.toLocaleString('en')} calls are counted exactly once, while two processes are killed and the network is cut over and over`, async () => {
  const door = await doorTo(url);
  const half = calls / 2;
  const parts = [0, 1].map((at) => ({
    acknowledged: path.join(folder, `told-${at}`),
    range: [at * half, (at + 1) * half].map(String),
    spool: at === 0 ? path.join(folder, 'spool') : '', // one keeps, the other waits
  }));
  let kills = 0;
  let errors = '';
  let isOver = false;

  async function work({ acknowledged, range, spool }: (typeof parts)[number]): Promise<void> {
    for (let lives = 1; ; lives++) {
      const child = start([acknowledged, ...range, String(customers), spool]);
      // lives cut short in the midst of the work, and one that may finish
      const enough = (lives * half) / (deaths + 1);
      const watch = setInterval(() => {
        if (lives <= deaths && toldOf(acknowledged) >= enough) child.kill('SIGKILL');
      }, 10);
      const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
      clearInterval(watch);
      if (signal === 'SIGKILL') kills++;
      else if (code === 0) return;
    }
  }
  function start(args: string[]): ChildProcess {
    const library = path.join(root, 'dist/library/subctl.js');
    const child = spawn(
      process.execPath,
      [path.join(import.meta.dirname, 'crashing-worker.mjs'), library, ...args],
      {
        env: { ...env, DATABASE_URL: door.url, PATH: process.env['PATH'] },
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    child.stderr!.on('data', (data: Buffer) => (errors += String(data)));
    return child;
  }
  async function disturb(): Promise<void> {
    while (!isOver) {
      await new Promise((resolve) => setTimeout(resolve, 200 + Math.random() * 400));
      if (Math.random() < 0.3) await door.proxy.refuse();
      else door.proxy.cut();
      await new Promise((resolve) => setTimeout(resolve, 100));
      await door.proxy.take();
    }
  }
  const disturbing = disturb();
  await Promise.all(parts.map(work));
  isOver = true;
  await disturbing;
  await door.proxy.close();
  // what the killed have left in the spool
  for (const name of fs.existsSync(parts[0]!.spool) ? fs.readdirSync(parts[0]!.spool) : [])
    fs.utimesSync(path.join(parts[0]!.spool, name), 0, 0);
  await subctl({ sql, spool: { folder: parts[0]!.spool } }).close();

  const [books] = await sql`
      select count(*)::int as events, count(distinct e.id)::int as distinct_events, (select count(*)::int from subctl.usage_keys) as keys,
             (select sum(l.used)::int from generate_series(0, ${customers - 1}::int) n
               cross join lateral subctl.usage_limits('x' || n, clock_timestamp()) l where l.meter_id = 'tokens') as counted
        from subctl.usage_events e`;
  expect({ ...books, kills: kills >= deaths }, errors.slice(0, 2_000)).toEqual({
    ...{ events: calls, distinct_events: calls, keys: calls, counted: calls, kills: true },
  });
  const left = fs.existsSync(parts[0]!.spool) ? fs.readdirSync(parts[0]!.spool) : [];
  expect(left).toEqual([]);
}, 1_200_000);
