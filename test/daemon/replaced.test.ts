import { spawn } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';

const { sql, env } = await testDatabase();

it('P5: a daemon whose files are taken away goes on with every task of the timetable', async () => {
  const folder = temporaryFolder('subctl-replaced-');
  for (const part of ['bin', 'dist', 'drizzle', 'data', 'package.json'])
    cpSync(path.join(root, part), path.join(folder, part), { recursive: true });
  const child = spawn(
    process.execPath,
    [path.join(folder, 'bin/subctl.js'), 'daemon', '--listen', '127.0.0.1:0'],
    {
      env: { ...env, PATH: process.env['PATH'] },
      cwd: folder,
    },
  );
  let log = '';
  child.stderr.on('data', (text) => (log += String(text)));
  const ended = new Promise((resolve) => child.once('close', resolve));
  const until = async (isSo: () => Promise<boolean> | boolean) => {
    while (!(await isSo())) {
      expect(child.exitCode, log).toBeNull();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  await until(() => log.includes('"msg":"at work"'));
  rmSync(path.join(folder, 'dist'), { recursive: true });
  await sql`update subctl.jobs set next_due = clock_timestamp() - interval '1 minute'`;
  const [{ count }] = await sql<
    [{ count: string }]
  >`select count(*)::text as count from subctl.jobs where enabled and not switched_off`;
  const hasRun = async () =>
    (await sql`select distinct task from subctl.job_runs where outcome is not null`).length >=
      Number(count) || log.includes('Cannot find module');
  await until(hasRun);
  expect(log).not.toContain('Cannot find module');
  child.kill('SIGTERM');
  await ended;
  removeFolder(folder);
});
