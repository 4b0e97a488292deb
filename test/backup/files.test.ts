import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { root, spawnSubctl, subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';

const { sql, env: bare, url } = await testDatabase();
const env = { ...bare, PATH: '/nonexistent' }; // no pg_dump
const folder = temporaryFolder('subctl-files-');
afterAll(() => removeFolder(folder));
const bin = path.join(root, 'bin/subctl.js');

test('a backup is for its owner alone, and leaves no other file', async () => {
  const made = await subctl(['db', 'backup', 'one.backup', '--json'], { env, cwd: folder });
  const { file, bytes, why } = JSON.parse(made.stdout) as { file: string; bytes: number; why: string };
  expect([made.code, file, why]).toEqual([
    0,
    path.join(folder, 'one.backup'),
    'there is no pg_dump on the PATH',
  ]);
  const { mode, size } = statSync(file);
  expect([mode & 0o777, size]).toEqual([0o600, bytes]);
  expect(readdirSync(folder)).toEqual(['one.backup']);
});

test('a file that a killed backup has left is named by the next one, and stays', async () => {
  const left = '.old.backup.0123456789ab.tmp';
  writeFileSync(path.join(folder, left), 'half');
  const done = await subctl(['db', 'backup', 'after'], { env, cwd: folder });
  expect([done.code, `${done.stdout}${done.stderr}`]).toEqual([
    0,
    expect.stringContaining(`${left} belongs to an unfinished backup`),
  ]);
  expect(readFileSync(path.join(folder, left), 'utf8')).toBe('half');
  rmSync(path.join(folder, left));
  const next = await subctl(['db', 'backup', 'next', '--json'], { env, cwd: folder });
  expect(JSON.parse(next.stdout)).toMatchObject({ leftovers: [] });
});

test('what is there is never overwritten', async () => {
  writeFileSync(path.join(folder, 'there'), 'mine');
  const done = await subctl(['db', 'backup', 'there'], { env, cwd: folder });
  expect([done.code, done.stderr]).toEqual([8, expect.stringContaining("there' already")]);
  expect(readFileSync(path.join(folder, 'there'), 'utf8')).toBe('mine');
});

test('a folder that is not there is wrong usage', async () => {
  const done = await subctl(['db', 'backup', 'nowhere/x'], { env, cwd: folder });
  expect([done.code, done.stderr]).toEqual([2, expect.stringContaining('does not exist')]);
});

test('the archive goes to stdout, and what is said to stderr', async () => {
  const line = `"${process.execPath}" "${bin}" db backup - > out.backup`;
  const { status, stderr } = spawnSync('/bin/sh', ['-c', line], { env, cwd: folder, encoding: 'utf8' });
  expect([status, stderr]).toEqual([
    0,
    expect.stringMatching(/^Backed up \d+ rows \([\d.]+ kB\) by copy\n$/),
  ]);
  const checked = await subctl(['db', 'verify', 'out.backup'], { cwd: folder });
  expect(checked.code).toBe(0);
});

test.skipIf(!existsSync('/dev/full'))('a reader that takes nothing more is exit code 6', () => {
  const line = `"${process.execPath}" "${bin}" db backup - > /dev/full`;
  const { status, stderr } = spawnSync('/bin/sh', ['-c', line], { env, encoding: 'utf8' });
  expect([status, stderr]).toEqual([6, expect.stringContaining('the disk is full')]);
});

const canMount =
  process.platform === 'linux' &&
  process.getuid?.() === 0 &&
  spawnSync('unshare', ['-m', 'true'], { stdio: 'ignore' }).status === 0;

test.skipIf(!canMount)('a full disk is exit code 6 and leaves no file', async () => {
  await sql`insert into subctl.customers (id, name, created_at) select 'c' || n, md5(n::text), now() from generate_series(1, 5000) n`;
  const small = path.join(folder, 'small');
  mkdirSync(small);
  const line = `mount -t tmpfs -o size=64k tmpfs small && "${process.execPath}" "${bin}" db backup small/x; echo $?; ls -A small`;
  const { stdout, stderr } = spawnSync('unshare', ['-m', '/bin/sh', '-c', line], {
    env: { ...env, PATH: process.env['PATH']! },
    cwd: folder,
    encoding: 'utf8',
  });
  expect([stdout, stderr]).toEqual(['6\n', expect.stringContaining('failed: the disk is full')]);
});

test('a password in a URL of --into is refused: others can read arguments', async () => {
  const into = 'postgres://me:secret-word@localhost/x';
  const done = await subctl(['db', 'restore', 'one.backup', '--into', into], { cwd: folder });
  expect([done.code, done.stderr]).toEqual([2, expect.stringContaining('PGPASSWORD')]);
  expect(done.stderr).not.toContain('secret-word');
});

test('a database that is set up is not restored into, nor one that holds anything of subctl', async () => {
  const done = await subctl(['db', 'restore', 'one.backup'], { env: bare, cwd: folder });
  expect([done.code, done.stderr]).toEqual([8, expect.stringContaining('already has a schema subctl')]);
});

test('subctl db verify --restore tries it in a database of its own, which is gone afterwards', async () => {
  const before = readdirSync('/tmp').filter((name) => name.startsWith('subctl-verify-'));
  const done = await spawnSubctl(['db', 'verify', 'one.backup', '--restore', '--json'], {
    env: { SUBCTL_HOME: path.join(folder, 'no-home') },
    cwd: folder,
  });
  expect(done.code, done.stderr).toBe(0);
  expect(JSON.parse(done.stdout)).toMatchObject({ restored: true, books: [] });
  expect(readdirSync('/tmp').filter((name) => name.startsWith('subctl-verify-'))).toEqual(before);
});

test('a database that is not set up has nothing to back up', async () => {
  const { env: none } = await emptyDatabase();
  const done = await subctl(['db', 'backup', 'none.backup'], { env: none, cwd: folder });
  expect([done.code, done.stderr]).toEqual([5, expect.stringContaining('nothing to back up')]);
  expect(readdirSync(folder)).not.toContain('none.backup');
});

async function emptyDatabase(): Promise<{ env: Record<string, string> }> {
  await sql`drop schema subctl cascade`;
  return { env: { ...bare, DATABASE_URL: url } };
}
