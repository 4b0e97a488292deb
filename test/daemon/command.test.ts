import { spawn } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root, subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { until } from './fixture.ts';

const { sql, env } = await testDatabase();
const bin = path.join(root, 'bin/subctl.js');

/** The real program as a daemon of its own. */
function spawnDaemon(words: string[] = [], more: Record<string, string> = {}) {
  const all = [bin, 'daemon', '--listen', 'none', ...words];
  const child = spawn(process.execPath, all, {
    env: { PATH: process.env['PATH'] ?? '', ...env, ...more },
    cwd: '/',
  });
  const daemon = { child, stderr: '', stdout: '' };
  child.stderr.on('data', (data: Buffer) => (daemon.stderr += data.toString()));
  child.stdout.on('data', (data: Buffer) => (daemon.stdout += data.toString()));
  const ended = new Promise<number | string>((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'nothing')),
  );
  return { ...daemon, ended, child, log: () => daemon.stderr, out: () => daemon.stdout };
}

const linesOf = (log: string) =>
  log
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test('J3: subctl daemon logs JSON lines on stderr, nothing on stdout, and SIGTERM ends it with exit code 0', async () => {
  const daemon = spawnDaemon();
  await until(() => expect(daemon.log()).toContain('"at work"'));
  daemon.child.kill('SIGTERM');
  expect(await daemon.ended).toBe(0);
  expect(daemon.out()).toBe('');
  const lines = linesOf(daemon.log());
  expect(lines.map(({ msg }) => msg)).toEqual(['at work', 'stopping', 'stopped']);
  expect(lines[0]).toMatchObject({ level: 'info', program: 'subctl', pid: daemon.child.pid });
  expect(lines[0]!['time']).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  expect(await sql`select 1 from subctl.daemons`).toEqual([]);
});

test('where there are no signals, subctl daemon --stop asks through the database, and --list says who is at work', async () => {
  const daemon = spawnDaemon();
  await until(() => expect(daemon.log()).toContain('"at work"'));
  const list = await subctl(['daemon', '--list', '--json'], { env });
  expect(JSON.parse(list.stdout)).toMatchObject([
    { pid: daemon.child.pid, stop_requested: false, program: '0.1.0' },
  ]);
  expect((await subctl(['daemon', '--stop', '--host', 'another'], { env })).stdout).toContain(
    'No daemon is running',
  );
  const stop = await subctl(['daemon', '--stop'], { env });
  expect(stop.stderr).toContain(`Stopped: `);
  expect(stop.code).toBe(0);
  expect(await daemon.ended).toBe(0);
  expect(daemon.log()).toContain('Asked to stop by: subctl daemon --stop');
  expect((await subctl(['daemon', '--list'], { env })).stdout).toContain('No daemon is running.');
});

test.each([
  [['--list', '--stop'], '--list and --stop contradict each other'],
  [['--host', 'a'], '--host requires --list or --stop'],
  [['--listen', 'here'], "'here' is not a listen address"],
  [['--listen', '127.0.0.1:70000'], "'127.0.0.1:70000' is not a listen address"],
  [['--concurrency', '0'], "'0'"],
])('subctl daemon %j is refused', async (words, sentence) => {
  const { code, stderr } = await subctl(['daemon', ...words], { env });
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(sentence) as string });
});

test('a dry run shows the timetable and runs nothing', async () => {
  const { code, stdout } = await subctl(['daemon', '--dry-run'], { env });
  expect(code).toBe(0);
  expect(stdout).toContain('check-expired');
  expect(await sql`select 1 from subctl.job_runs`).toEqual([]);
});

test('a database that is not set up is exit 5, at once', async () => {
  const { code, stderr } = await subctl(['daemon', '--listen', 'none'], {
    env: { SUBCTL_HOME: '/nonexistent' },
  });
  expect(code).toBe(5);
  expect(stderr).toContain('There is no DATABASE_URL');
});
