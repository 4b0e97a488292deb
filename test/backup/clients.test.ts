import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { parseDatabaseUrl } from '../../src/database/address.ts';
import { formatDatabaseUrl } from '../../src/database/url.ts';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';

const { url, env: bare } = await testDatabase();
const folder = temporaryFolder('subctl-clients-');
afterAll(() => removeFolder(folder));
const seen = path.join(folder, 'seen');
const archive = path.join(folder, 'x.backup');
const word = 'secret-word';
/** the server of the tests trusts nobody: the word is only there to be looked for */
const env = { ...bare, PATH: `${folder}:/usr/bin:/bin` };

/** A pg_dump of that version, which notes what it is given and then does `then`. */
function pretend(version: string, then: string): void {
  const script = `#!/bin/sh
if [ "$1" = --version ]; then echo "pg_dump (PostgreSQL) ${version}"; exit 0; fi
{ echo "$@"; echo "--"; env; } > '${seen}'
${then}
`;
  writeFileSync(path.join(folder, 'pg_dump'), script);
  chmodSync(path.join(folder, 'pg_dump'), 0o755);
}

beforeEach(() => removeFolder(archive));

test('a client that fails is exit code 6 with its words, and leaves no file', async () => {
  pretend('99.1', 'echo "pg_dump: error: it rained" >&2; exit 1');
  const done = await subctl(['db', 'backup', archive], { env });
  expect([done.code, done.stderr]).toEqual([
    6,
    expect.stringContaining('pg_dump 99.1 failed: pg_dump: error: it rained'),
  ]);
  expect(done.stderr).toContain('--method copy');
  expect(existsSync(archive)).toBe(false);
});

test('the password is in the environment of a client and in none of its arguments', async () => {
  pretend('99.1', 'exit 1');
  const address = { ...parseDatabaseUrl(url), password: parseDatabaseUrl(url).password ?? word };
  const settings = { ...env, DATABASE_URL: formatDatabaseUrl(address, { showPassword: true }) };
  const done = await subctl(['db', 'backup', archive], { env: { ...settings, PGPASSWORD: 'another' } });
  expect(done.code).toBe(6);
  const [given, environment] = readFileSync(seen, 'utf8').split('\n--\n') as [string, string];
  expect(given).not.toContain(address.password);
  expect(environment).toContain(`PGPASSWORD=${address.password}`);
  expect(done.stderr).not.toContain(address.password);
});

test('a client older than the server is passed over, and refused when it is asked for', async () => {
  pretend('9.6', 'exit 1');
  const made = await subctl(['db', 'backup', archive, '--json'], { env });
  expect(JSON.parse(made.stdout)).toMatchObject({
    method: 'copy',
    why: expect.stringMatching(/^pg_dump 9\.6 on the PATH is older than the server, \d/) as string,
  });
  const asked = await subctl(['db', 'backup', `${archive}2`, '--method', 'pg_dump'], { env });
  expect([asked.code, asked.stderr]).toEqual([5, expect.stringContaining('cannot be made by pg_dump')]);
});
