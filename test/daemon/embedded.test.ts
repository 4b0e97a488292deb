import * as fs from 'node:fs';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { connectTo } from '../../src/database/connect.ts';
import { embeddedAddress } from '../../src/database/embedded/open.ts';
import { root, spawnSubctl } from '../support/cli.ts';
import { newHome } from '../support/embedded.ts';
import { until } from './fixture.ts';

const place = await newHome({ name: 'daemon' });
const env = { SUBCTL_HOME: place.home, PATH: process.env['PATH'] ?? '', TZ: 'UTC' };
const postmaster = () =>
  Number(fs.readFileSync(path.join(place.data, 'postmaster.pid'), 'utf8').split('\n')[0]);

test('the daemon of an embedded database starts its server again when it was killed, and does what fell due meanwhile', async () => {
  expect(await spawnSubctl(['setup', '--yes'], { env })).toMatchObject({ code: 0 });
  const words = [path.join(root, 'bin/subctl.js'), 'daemon', '--listen', 'none'];
  const daemon = spawn(process.execPath, words, { env, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  daemon.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const ended = new Promise((resolve) => daemon.once('close', resolve));
  try {
    await until(() => expect(log).toContain('"at work"'));
    const before = postmaster();
    const sql = connectTo(embeddedAddress(place), 1);
    await sql`update subctl.jobs set next_due = date_trunc('minute', clock_timestamp()) - interval '1 minute' where task = 'check-expired'`;
    process.kill(before, 'SIGKILL');
    await sql.end({ timeout: 0 });
    // nobody else starts it: until it runs again nothing here connects
    await until(() => {
      expect(log).toContain('"the database is back"');
      expect(postmaster()).not.toBe(before);
    }, 30_000);
    const again = connectTo(embeddedAddress(place), 1);
    await until(async () =>
      expect(
        await again`select outcome from subctl.job_runs where task = 'check-expired' and outcome = 'done'`,
      ).not.toEqual([]),
    );
    await again.end();
  } finally {
    daemon.kill('SIGTERM');
  }
  expect(await ended).toBe(0);
});
