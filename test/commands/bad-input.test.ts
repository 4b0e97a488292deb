import { spawnSync } from 'node:child_process';
import { beforeAll, expect, test } from 'vitest';
import { parseDatabaseUrl } from '../../src/database/address.ts';
import { formatDatabaseUrl, withDatabase } from '../../src/database/url.ts';
import { root, spawnSubctl, subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { playSession } from '../support/session.ts';

const { env, url } = await testDatabase();
const empty = await testDatabase({ empty: true });
const half = await testDatabase();
const newer = await testDatabase();

beforeAll(async () => {
  expect(await subctl(['setup', '--catalogue', 'mobix'], { env })).toMatchObject({ code: 0 });
  expect(await subctl(['customers', 'add', 'ann'], { env })).toMatchObject({ code: 0 });
  await half.sql`delete from subctl.settings where key = 'schema'`;
  await newer.sql`
    update subctl.settings set value = value || '{"version": 99, "program": "9.0.0", "oldest_program": "9.0.0"}' where key = 'schema'`;
  await newer.sql`insert into subctl.migrations values ('0098_later', 'x', '2026-01-01')`;
});

test('wrong invocations: each with its exit code and a sentence that says what to do', async () => {
  const places = {
    'wrong-password': formatDatabaseUrl(
      { ...parseDatabaseUrl(url), password: 'wrong' },
      { showPassword: true },
    ),
    'no-such-database': withDatabase(url, 'nosuchdatabase'),
    'not-set-up': empty.url,
    'half-set-up': half.url,
    newer: newer.url,
  };
  const { written, played } = await playSession('bad-input', { env, places });
  // the number grows with every migration
  expect(played.replace(/knows schema \d+/g, 'knows schema N')).toBe(written);
  expect(played.match(/^\(exit code \d+\)$/gm)!.length).toBeGreaterThanOrEqual(30);
  expect(played).not.toMatch(/exit code 1\)|at .*\.ts:\d+/);
});

test('no sentence lets a password out', async () => {
  const closed = { ...env, DATABASE_URL: 'postgres://someone:s3cret@127.0.0.1:1/nowhere' };
  for (const line of [
    ['plans', 'list'],
    ['plans', 'list', '--json', '--verbose'],
    ['config', 'show'],
  ]) {
    const { stdout, stderr } = await subctl(line, { env: closed });
    expect(stdout + stderr).not.toContain('s3cret');
  }
});

test.each([
  ['--help', '>&-', 0],
  ['plans list', '>&-', 0],
  ['usage-report dashboard', '>&-', 0],
  ['--help', '>/dev/full', 6],
  ['plans list', '>/dev/full', 6],
  ['plans list --json', '>/dev/full', 6],
  ['usage-report dashboard', '>/dev/full', 6],
])('H20: %s %s is exit code %i, as docs/exit-codes.md says', (words, redirection, code) => {
  const done = spawnSync('/bin/bash', ['-c', `node bin/subctl.js ${words} ${redirection}`], {
    cwd: root,
    env: { PATH: process.env['PATH'], ...env },
    encoding: 'utf8',
  });
  expect(done.status).toBe(code);
  expect(done.stderr.includes('The output cannot be written')).toBe(code === 6);
});

test('a reader that goes away is no error: | head -1', async () => {
  const help = await spawnSubctl(['--help']);
  expect(help.code).toBe(0);
  const piped = spawnSync(
    '/bin/bash',
    [
      '-c',
      `set -o pipefail; node bin/subctl.js periods --anchor 2026-01-01 --every 1d --count 9000 | head -1`,
    ],
    {
      cwd: root,
      env: { PATH: process.env['PATH'], ...env },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  expect(piped).toMatchObject({ status: 0, stderr: '' });
  expect(piped.stdout.trim()).not.toBe('');
});
