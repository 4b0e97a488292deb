import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { printCron } from '../../src/timetable/cron.ts';
import { entriesIn, type Installation } from '../../src/timetable/installation.ts';
import { timetable } from '../../src/timetable/timetable.ts';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';

const { env, sql } = await testDatabase();
const folder = mkdtempSync(path.join(tmpdir(), 'subctl schedule '));
afterAll(() => rmSync(folder, { recursive: true }));
const print = (line: string, more = {}) =>
  subctl(['schedule', 'print', ...line.split(' ')], { env, ...more });

test('J4: the crontab block has absolute paths, pins the database and takes exit code 8 as success', async () => {
  const { code, stdout } = await print('cron --timezone UTC --host-timezone UTC');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^# BEGIN subctl[\s\S]*# END subctl\n$/);
  const lines = stdout.split('\n').filter((line) => /^[\d*]/.test(line));
  expect(lines).toHaveLength(timetable.length);
  for (const line of lines)
    expect(line).toMatch(
      /^\S+ \S+ \S+ \S+ \S+ SUBCTL_DATABASE=external \/\S+ \/\S+subctl\.js [a-z-]+ >\/dev\/null \|\| \[ \$\? -eq 8 \]$/,
    );
  expect(stdout).toMatch(/put a line DATABASE_URL=/);
  expect(stdout).not.toContain(env['DATABASE_URL']);
});

test('J4: without --timezone the timetable is the one that the database keeps, without what is paused', async () => {
  await subctl(['jobs', 'pause', 'prune', '--as-of', '2026-01-01'], { env });
  await sql`update subctl.jobs set cron = '15 3 * * *' where task = 'check-expired'`;
  const { stdout } = await print('cron --host-timezone UTC');
  expect(stdout).toMatch(/^15 3 \* \* \* .* check-expired /m);
  expect(stdout).not.toMatch(/ prune /);
});

test('a host in another zone gets converted lines, or a refusal where clock changes make them wrong', async () => {
  const tokyo = await print('cron --timezone UTC --host-timezone Asia/Tokyo');
  expect(tokyo.stdout).toMatch(/^# check-expired: 0 1 \* \* \* in UTC\n0 10 \* \* \* .* check-expired /m);
  const berlin = await print('cron --timezone Europe/Berlin --host-timezone UTC');
  expect(berlin).toMatchObject({ code: 4, stdout: '', stderr: expect.stringMatching(/--run-due/) as string });
  const either = await print('cron --run-due --host-timezone Europe/Berlin');
  expect(either.stdout).toMatch(/^\* \* \* \* \* .* run-due >/m);
});

test('settings that come from a file are found again: the line goes to their folder', async () => {
  const cwd = path.join(folder, 'app 100%');
  mkdirSync(cwd);
  writeFileSync(path.join(cwd, '.env'), `DATABASE_URL=${env['DATABASE_URL']}\n`);
  const { stdout } = await print('cron --timezone UTC --host-timezone UTC', { env: {}, cwd });
  expect(stdout).toContain(`cd '${cwd.replace('%', '\\%')}' && SUBCTL_DATABASE=external /`);
  expect(stdout).not.toMatch(/put a line DATABASE_URL/);
});

test('an embedded database is pinned with its folder', async () => {
  const { stdout } = await print('systemd --timezone UTC --account ops', {
    env: { SUBCTL_HOME: '/srv/sub ctl' },
  });
  expect(stdout).toMatch(/Environment=SUBCTL_DATABASE=embedded\nEnvironment="SUBCTL_HOME=\/srv\/sub ctl"/);
  expect(stdout).toMatch(/Requires=subctl-db\.service/);
  expect(stdout).toMatch(/# ---- subctl-db\.service ----/);
  expect(stdout).toMatch(/User=ops/);
});

test('--directory writes the files, whole, Windows task files in UTF-16', async () => {
  const target = path.join(folder, 'tasks');
  const args = ['schedule', 'print', 'windows', '--timezone', 'UTC', '--directory', target, '--json'];
  const { code, stdout } = await subctl(args, { env });
  expect(code).toBe(0);
  const files = (JSON.parse(stdout) as { file: string }[]).map(({ file }) => path.basename(file));
  expect(files).toContain('subctl-check-expired.xml');
  expect(readFileSync(path.join(target, 'subctl-check-expired.xml')).subarray(0, 2)).toEqual(
    Buffer.from([0xff, 0xfe]),
  );
  expect(readFileSync(path.join(target, 'subctl-task.cmd'), 'utf8')).toMatch(
    /set "SUBCTL_DATABASE=external"\r\n/,
  );
});

test('sh runs a printed line as it is meant: quotes and % in paths, exit code 8 as success, others kept', () => {
  const program = path.join(folder, "it's 5% $HOME");
  const script = `#!/bin/sh\necho "$SUBCTL_DATABASE $*" >&2\nexit "$(cat '${folder}/code')"\n`;
  writeFileSync(program, script);
  chmodSync(program, 0o755);
  const installation: Installation = {
    program: [program],
    environment: { SUBCTL_DATABASE: 'external' },
    needsUrl: false,
    account: '',
  };
  const entries = entriesIn([{ ...timetable[0], timezone: 'UTC' }], 'UTC', new Date(0));
  const line = printCron(entries, installation, 'UTC')
    .split('\n')
    .find((one) => one.startsWith('0 0 * * * '))!;
  const command = line.slice('0 0 * * * '.length).replaceAll('\\%', '%'); // what cron hands to sh
  const codeFor = (code: number) => {
    writeFileSync(path.join(folder, 'code'), String(code));
    try {
      execFileSync('/bin/sh', ['-c', `${command} 2>'${folder}/said'`], { stdio: 'pipe' });
      return 0;
    } catch (error) {
      return (error as { status: number }).status;
    }
  };
  expect([0, 8].map(codeFor)).toEqual([0, 0]);
  expect([7, 5].every((code) => codeFor(code) !== 0)).toBe(true);
});
