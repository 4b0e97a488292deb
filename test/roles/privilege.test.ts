import { describe, expect, test } from 'vitest';
import { parseDatabaseUrl } from '../../src/database/address.ts';
import { connectTo } from '../../src/database/connect.ts';
import { withoutOwnSession } from '../../src/database/own-session.ts';
import { subctl } from '../support/cli.ts';
import { databaseWithRoles } from './world.ts';

const { sql, env, prefix, account, run, urlOf } = await databaseWithRoles();
const as = (role: string, line: string) => run(line.split(' '), account(role));

describe('least privilege', () => {
  test('doctor says what an account may beyond what is needed, on standard error alone', async () => {
    const done = await run(['doctor']);
    expect(done).toMatchObject({ code: 0 });
    expect(done.stderr).toContain('a superuser of the server');
    expect(done.stderr).not.toContain('subctl setup --roles');
    expect(done.stdout).not.toContain('superuser');
  });

  test('and nothing of an account that has a role', async () => {
    expect((await as('admin', 'doctor')).stderr).not.toContain('superuser');
  });

  test('tables of the application that the owner of subctl owns, too, are counted', async () => {
    const owner = `${prefix}_owns`;
    const plain = withoutOwnSession(sql);
    await plain.unsafe(`create role ${owner} login password 'x'`);
    await plain.unsafe(`create database ${owner} owner ${owner}`);
    const own = connectTo(parseDatabaseUrl(urlOf(owner, owner)), 1);
    try {
      const env2 = { ...env, DATABASE_URL: urlOf(owner, owner) };
      await subctl(['setup'], { env: env2 });
      expect((await subctl(['doctor'], { env: env2 })).stderr).toBe('');
      await withoutOwnSession(own).unsafe(
        'create schema app; create table app.orders (id int); grant create on schema subctl to public',
      );
      const { stderr } = await subctl(['doctor'], { env: env2 });
      expect(stderr).toContain(`${owner} also owns 1 table outside of the schema subctl`);
      expect(stderr).toContain('Everybody may create objects in the schema subctl');
      expect(stderr).toContain('subctl setup --roles');
    } finally {
      await own.end();
      await plain.unsafe(`drop database ${owner} with (force)`);
    }
  });
});
