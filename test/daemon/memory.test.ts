import { spawn } from 'node:child_process';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';
import { bundle } from './bundle.ts';
import { program } from './fixture.ts';

const { sql, url } = await testDatabase();
const folder = temporaryFolder('subctl-memory-');
const long = process.env['SUBCTL_LONG'] === '1';
const ticks = long ? 100_000 : 1_000;

afterAll(() => removeFolder(folder));

test(
  `memory: after ${ticks} virtual ticks, five minutes each, a daemon has no more than when it was warm`,
  async () => {
    const file = await bundle('memory-daemon.ts', folder);
    const env = {
      PATH: process.env['PATH'] ?? '',
      DATABASE_URL: url,
      PROGRAM_FOLDER: program.folder,
      TICKS: String(ticks),
    };
    const child = spawn(process.execPath, ['--expose-gc', file], { env, cwd: path.sep });
    let out = '';
    let err = '';
    child.stdout.on('data', (data: Buffer) => (out += data.toString()));
    child.stderr.on('data', (data: Buffer) => (err += data.toString()));
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const samples = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { tick: number; heapUsed: number; rss: number });
    const [runs] = await sql`select count(*)::int as n from subctl.job_runs`;
    const mb = (bytes: number) => Math.round(bytes / 104_857.6) / 10;
    const warm = samples[Math.floor(samples.length / 4)]!;
    const last = samples.at(-1)!;
    console.log(
      `memory: ${ticks} ticks, ${runs!['n']} runs; heap ${mb(warm.heapUsed)} MB warm, ${mb(last.heapUsed)} MB at the end; resident ${mb(warm.rss)} and ${mb(last.rss)} MB`,
    );
    expect(samples.length).toBeGreaterThanOrEqual(19);
    expect(last.heapUsed - warm.heapUsed).toBeLessThan(3 * 1_048_576);
  },
  long ? 7_200_000 : 300_000,
);
