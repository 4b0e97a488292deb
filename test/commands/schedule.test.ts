import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { printCron } from '../../src/scheduler/render/cron.ts';
import { entriesIn, type Installation } from '../../src/scheduler/render/installation.ts';
import { timetable } from '../../src/scheduler/timetable.ts';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';

const { env } = await testDatabase();
const folder = mkdtempSync(path.join(tmpdir(), 'subctl schedule '));
afterAll(() => rmSync(folder, { recursive: true }));
const print = (line: string, more = {}) =>
  subctl(['schedule', 'print', ...line.split(' ')], { env, ...more });

test('J4: the crontab block has absolute paths, pins the database and takes exit code 8 as success', async () => {
  const { code, stdout, stderr } = await print('cron --timezone UTC --host-timezone UTC', {
    env: { ...env, HOME: '/home/ann' },
  });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^# BEGIN subctl[\s\S]*# END subctl\n$/);
  const lines = stdout.split('\n').filter((line) => /^[\d*]/.test(line));
  expect(lines).toHaveLength(timetable.length);
  for (const line of lines)
    expect(line).toMatch(
      /^\S+ \S+ \S+ \S+ \S+ SUBCTL_DATABASE=external SUBCTL_DATABASE_URL_FILE=\/home\/ann\/.config\/subctl\/database-url (\/\S+\/timeout -k 60 3600 )?\/\S+ \/\S+subctl\.js [a-z-]+ >\/dev\/null \|\| \[ \$\? -eq 8 \]$/,
    );
  expect(stderr).toMatch(/database-url must contain the value of SUBCTL_DATABASE_URL/);
  expect(stdout).not.toContain(env['DATABASE_URL']);
});

test('J4: without --timezone it is that of the settings in the zone of the database, without what is paused or off', async () => {
  await subctl(['jobs', 'pause', 'prune', '--as-of', '2026-01-01'], { env });
  const { stdout } = await print('cron --host-timezone UTC', {
    env: {
      ...env,
      SUBCTL_TIMETABLE_CHECK_EXPIRED: '15 3 * * *',
      SUBCTL_TIMETABLE_RESET_CREDITS: 'off',
    },
  });
  await subctl(['jobs', 'resume', 'prune', '--as-of', '2026-01-01'], { env });
  expect(stdout).not.toMatch(/ reset-credits /);
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
  expect(stdout).not.toMatch(/secret|DATABASE_URL_FILE/);
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

test('settings of the environment are pinned, secrets only by their file, and what cron could not read is refused', async () => {
  const more = { ...env, HOME: '/home/ann', SUBCTL_ACTOR: 'clock', SUBCTL_TIMETABLE_PRUNE: '30 4 * * *' };
  const { stdout } = await print('cron --run-due --host-timezone UTC --log /var/log/sub.log', { env: more });
  expect(stdout).toMatch(
    /^\* \* \* \* \* SUBCTL_DATABASE=external SUBCTL_ACTOR=clock SUBCTL_TIMETABLE_PRUNE='30 4 \* \* \*' /m,
  );
  expect(stdout).toMatch(/run-due --format ndjson >>\/var\/log\/sub.log 2>&1 \|\| \[ \$\? -eq 8 \]$/m);
  const long = await print('cron --run-due', { env: { ...env, SUBCTL_ACTOR: 'x'.repeat(900) } });
  expect(long).toMatchObject({
    code: 4,
    stderr: expect.stringMatching(/characters, and cron reads 998/) as string,
  });
});

test('the system’s crontab names the account, and options that do not go together are refused', async () => {
  const { stdout } = await print('cron --system --account ops --timezone UTC --host-timezone UTC');
  expect(stdout).toMatch(
    /^0 1 \* \* \* ops SUBCTL_DATABASE=external .*\/etc\/subctl\/database-url .* check-expired /m,
  );
  for (const [line, sentence] of [
    ['cron --daemon', /--daemon is only for systemd/],
    ['systemd --daemon --run-due', /Either --daemon or --run-due/],
    ['systemd --user --system', /Either --user or --system/],
    ['systemd --log /x', /--log is only for cron/],
    ['windows --user', /--user is not supported/],
    ['cron --account ops', /requires --system/],
  ] as const) {
    const { code, stderr } = await print(line);
    expect({ line, code }).toEqual({ line, code: 2 });
    expect(stderr).toMatch(sentence);
  }
});

test('sh runs a printed line as it is meant: quotes and % in paths, exit code 8 as success, others kept', () => {
  const program = path.join(folder, "it's 5% $HOME");
  const script = `#!/bin/sh\necho "$SUBCTL_DATABASE $*" >&2\nexit "$(cat '${folder}/code')"\n`;
  writeFileSync(program, script);
  chmodSync(program, 0o755);
  const installation: Installation = {
    program: [program],
    environment: { SUBCTL_DATABASE: 'external' },
    secrets: [],
    scope: 'user',
    madeBy: 'schedule print cron',
    account: '',
  };
  const entries = entriesIn([{ ...timetable[0], timezone: 'UTC' }], 'UTC', new Date(0));
  const line = printCron(entries, installation, { zone: 'UTC', timeout: '/usr/bin/timeout' })
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
