import { cpSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { beforeEach, expect, test } from 'vitest';
import { functionsDigest, readBuild, readBundledSql } from '../../src/database/bundled-sql.ts';
import { checkSchema } from '../../src/database/check-schema.ts';
import { migrate } from '../../src/database/migrate.ts';
import { compareVersions, type SchemaState } from '../../src/database/schema-state.ts';
import { root, subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';

const { sql } = await testDatabase();
const nothing = (await testDatabase({ empty: true })).sql;

const folder = `${root}/drizzle`;
const ours: SchemaState = {
  version: readBuild({ folder, program: '0.2.0' }).version,
  functions: functionsDigest(readBundledSql(folder).functions),
  program: '0.2.0',
  oldest_program: '0.1.0',
};

const check = (program: string) => checkSchema(sql, readBuild({ folder, program }));
const record = (state: Partial<SchemaState>) =>
  sql`update subctl.settings set value = ${sql.json({ ...ours, ...state })} where key = 'schema'`;

beforeEach(async () => {
  await record({});
});

test('the program that set the database up may use it, and so may a later one with the same schema', async () => {
  await expect(check('0.2.0')).resolves.toBeUndefined();
  await expect(check('0.2.1')).resolves.toBeUndefined();
});

test('a database without subctl is refused with the command that sets it up', async () => {
  await expect(checkSchema(nothing, readBuild({ folder, program: '0.2.0' }))).rejects.toMatchObject({
    kind: 'config',
    message: 'The database is not set up for subctl',
    hint: 'run: subctl setup',
  });
});

test('an older schema is refused', async () => {
  await record({ version: ours.version - 1 });
  await expect(check('0.2.0')).rejects.toMatchObject({
    kind: 'config',
    message: `The database has schema ${ours.version - 1} and this program needs ${ours.version}`,
    hint: 'bring it up to date with: subctl setup',
  });
});

test('older functions are refused by a later program', async () => {
  await record({ functions: 'others' });
  await expect(check('0.3.0')).rejects.toMatchObject({
    kind: 'config',
    message: 'The database has the functions of subctl 0.2.0 and this is 0.3.0',
  });
});

test('a newer schema is used as long as it allows programs of this age, and refused after that', async () => {
  await record({ version: ours.version + 1, program: '0.9.0', oldest_program: '0.2.0' });
  await expect(check('0.2.0')).resolves.toBeUndefined();
  await expect(check('0.1.9')).rejects.toMatchObject({
    kind: 'config',
    message: `This program knows schema ${ours.version}, the database is at ${ours.version + 1}`,
    hint: 'install subctl 0.2.0 or later',
  });
});

const others = { functions: 'others' };
const build = 'The functions of the database are those of another build of subctl';

/** [the database's program, this one, what is said with another digest; with the same nothing is] */
test.each([
  ['0.2.0-beta.1', '0.2.0', 'The database has the functions of subctl 0.2.0-beta.1 and this is 0.2.0'],
  [
    '0.2.0-beta.1',
    '0.2.0-beta.2',
    'The database has the functions of subctl 0.2.0-beta.1 and this is 0.2.0-beta.2',
  ],
  ['0.2.0', '0.2.1-beta.1', 'The database has the functions of subctl 0.2.0 and this is 0.2.1-beta.1'],
  ['0.2.0', '0.2.0', `${build} 0.2.0`],
  ['0.2.0-beta.1', '0.2.0-beta.1', `${build} 0.2.0-beta.1`],
  ['0.2.0', '0.2.0-beta.1', undefined], // older than the database, which lets it
  ['0.2.0-beta.2', '0.2.0-beta.1', undefined],
])('P6: a database of %s, used by %s with other functions: %s', async (program, ours, message) => {
  await record({ program });
  await expect(check(ours)).resolves.toBeUndefined();
  await record({ program, ...others });
  if (message === undefined) await expect(check(ours)).resolves.toBeUndefined();
  else
    await expect(check(ours)).rejects.toMatchObject({
      kind: 'config',
      message,
      hint: 'bring it up to date with: subctl setup',
    });
});

test('P6: oldest_program is held against prereleases too', async () => {
  await record({ program: '0.9.0', oldest_program: '0.2.0' });
  await expect(check('0.2.0-beta.1')).rejects.toMatchObject({ hint: 'install subctl 0.2.0 or later' });
});

test('P6: no program is told to install itself', async () => {
  await record({ version: ours.version + 1, program: '0.2.0' });
  await expect(check('0.2.0')).rejects.toMatchObject({
    hint: 'install the build of subctl 0.2.0 that set the database up, or a later version',
  });
});

test('P6: setup of another build of the same version says what it replaces; that of an earlier one would undo', async () => {
  const { sql: own, env } = await testDatabase();
  await own`update subctl.settings set value = value || '{"functions": "others", "program": "0.2.0"}' where key = 'schema'`;
  await own`update subctl.migrations set checksum = 'other' where name = 'engine/limit_of'`;
  await own`update subctl.migrations set checksum = 'other' where name = (select min(name) from subctl.migrations where name like 'engine/%')`;
  await expect(migrate(own, { folder, program: '0.2.0-beta.1' })).rejects.toMatchObject({
    message: 'The database has the functions of subctl 0.2.0, which this program would undo',
  });
  const { version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as { version: string };
  await own`update subctl.settings set value = value || ${own.json({ program: version })} where key = 'schema'`;
  const first = await subctl(['setup', '--yes'], { env });
  expect(first.code).toBe(0);
  expect(first.stdout + first.stderr).toContain(`${build} ${version}: they are replaced`);
  const second = await subctl(['setup', '--yes'], { env });
  expect(second.stdout + second.stderr).not.toContain('another build');
});

test('P6: the digest of the build is used until a function is younger', () => {
  const copy = temporaryFolder('subctl-digest-');
  mkdirSync(`${copy}/src`); // a clone
  cpSync(folder, `${copy}/drizzle`, { recursive: true });
  const computed = functionsDigest(readBundledSql(folder).functions);
  expect(readBuild({ folder: `${copy}/drizzle`, program: '0.2.0' }).digest).toBe(computed);
  mkdirSync(`${copy}/dist`);
  writeFileSync(`${copy}/dist/functions-digest.txt`, 'written by a build\n');
  const later = new Date(Date.now() + 60_000);
  utimesSync(`${copy}/dist/functions-digest.txt`, later, later);
  expect(readBuild({ folder: `${copy}/drizzle`, program: '0.2.0' }).digest).toBe('written by a build');
  const file = `${copy}/drizzle/engine/types/iso.sql`;
  writeFileSync(file, 'select 1');
  const latest = new Date(Date.now() + 120_000);
  utimesSync(file, latest, latest);
  expect(readBuild({ folder: `${copy}/drizzle`, program: '0.2.0' }).digest).toBe(
    functionsDigest(readBundledSql(`${copy}/drizzle`).functions),
  );
  removeFolder(`${copy}/src`); // an installed package
  expect(readBuild({ folder: `${copy}/drizzle`, program: '0.2.0' }).digest).toBe('written by a build');
  removeFolder(copy);
});

test('P6: the build writes the digest of its functions', () => {
  const written = readFileSync(`${root}/dist/functions-digest.txt`, 'utf8').trim();
  expect(written).toMatch(/^[0-9a-f]{64}$/);
});

test.each([
  ['0.1.0', '0.1.0', 0],
  ['0.10.0', '0.9.9', 1],
  ['1.0.0', '1.0.1', -1],
  ['1.2.3-beta.1', '1.2.3', -1],
  // semver, section 11
  ['1.0.0-alpha', '1.0.0-alpha.1', -1],
  ['1.0.0-alpha.1', '1.0.0-alpha.beta', -1],
  ['1.0.0-alpha.beta', '1.0.0-beta', -1],
  ['1.0.0-beta', '1.0.0-beta.2', -1],
  ['1.0.0-beta.2', '1.0.0-beta.11', -1],
  ['1.0.0-beta.11', '1.0.0-rc.1', -1],
  ['1.0.0-rc.1', '1.0.0', -1],
  ['1.0.0+build.1', '1.0.0+build.2', 0],
])('P6: version %s against %s', (a, b, sign) => {
  expect(Math.sign(compareVersions(a, b))).toBe(sign);
  expect(Math.sign(compareVersions(b, a))).toBe(sign === 0 ? 0 : -sign);
});
