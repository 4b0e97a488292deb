import { beforeEach, expect, test } from 'vitest';
import { carriedVersion, functionsDigest, readCarried } from '../../src/database/carried.ts';
import { checkSchema } from '../../src/database/check-schema.ts';
import { compareVersions, type SchemaState } from '../../src/database/schema-state.ts';
import { root } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';

const { sql } = await testDatabase();
const nothing = (await testDatabase({ empty: true })).sql;

const folder = `${root}/drizzle`;
const ours: SchemaState = {
  version: carriedVersion(folder),
  functions: functionsDigest(readCarried(folder).functions),
  program: '0.2.0',
  oldest_program: '0.1.0',
};

const check = (program: string) => checkSchema(sql, { folder, program });
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
  await expect(checkSchema(nothing, { folder, program: '0.2.0' })).rejects.toMatchObject({
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

test.each([
  ['0.1.0', '0.1.0', 0],
  ['0.10.0', '0.9.9', 1],
  ['1.0.0', '1.0.1', -1],
  ['1.2.3-beta.1', '1.2.3', 0],
])('version %s against %s', (a, b, sign) => {
  expect(Math.sign(compareVersions(a, b))).toBe(sign);
});
