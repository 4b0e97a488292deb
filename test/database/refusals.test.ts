import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { parseDatabaseUrl } from '../../src/database/address.ts';
import { connectTo } from '../../src/database/connect.ts';
import { refusalOf } from '../../src/database/refusals.ts';
import { Failure } from '../../src/domain/failure.ts';
import { testDatabase } from '../support/database.ts';

const { sql, url } = await testDatabase({ empty: true });
await sql`create table public.plan (id text primary key, rank int constraint plan_rank_check check (rank >= 0))`;
await sql`create table public.customer (id text primary key, plan_id text constraint customer_plan_fkey references public.plan (id))`;
await sql`insert into public.plan values ('pro', 1)`;
await sql`insert into public.customer values ('ann', 'pro')`;

const refusalOfSql = (text: string) => sql.unsafe(text).then(() => undefined, refusalOf);
const raise = (state: string, hint = '') =>
  `do $$ begin raise exception 'a sentence' using errcode = '${state}'${hint && `, hint = '${hint}'`}; end $$`;

describe('what the database says becomes a Failure', () => {
  test.each([
    ['SB002', 'usage'],
    ['SB003', 'not_found'],
    ['SB004', 'refused'],
    ['SB005', 'config'],
    ['SB006', 'unavailable'],
    ['SB007', 'incomplete'],
    ['SB008', 'conflict'],
  ])('our own %s is %s, with its sentence and hint', async (state, kind) => {
    await expect(refusalOfSql(raise(state, 'subctl help'))).resolves.toMatchObject({
      kind,
      message: 'a sentence',
      hint: 'subctl help',
    });
  });

  test.each([
    [raise('22023'), 'usage', 'A sentence'],
    [`select 'x'::int`, 'usage', 'Invalid input syntax for type integer: "x"'],
    [`insert into public.plan values ('pro', 1)`, 'conflict', "Plan: id 'pro' exists already"],
    [`insert into public.plan values ('low', -1)`, 'usage', 'Plan: a value breaks the rule plan_rank_check'],
    [
      `insert into public.customer values ('bob', 'none')`,
      'not_found',
      "There is no plan with plan_id 'none', which customer must name",
    ],
    [`delete from public.plan`, 'refused', "Rows of customer still need id 'pro' (customer_plan_fkey)"],
    [
      raise('40001'),
      'conflict',
      'Others changed the same rows at the same time, five times over: a sentence',
    ],
    [raise('55P03'), 'conflict', 'Something else holds what this needs: a sentence'],
    [raise('53300'), 'unavailable', 'The database is not available: a sentence'],
    [raise('57P01'), 'unavailable', 'The database is not available: a sentence'],
    [
      raise('25006'),
      'unavailable',
      'The database is read-only now: the server is a standby, or default_transaction_read_only is on',
    ],
    [raise('42501'), 'refused', 'Your account of the database may not do this: a sentence'],
    [
      'select * from subctl.customers',
      'config',
      'The database is not set up for subctl: relation "subctl.customers" does not exist',
    ],
  ])('%s is %s', async (statement, kind, message) => {
    await expect(refusalOfSql(statement)).resolves.toMatchObject({ kind, message });
  });

  test.each(['select 1/0', 'select * from nowhere', 'selec 1'])(
    'a mistake of ours is none: %s',
    async (statement) => {
      await expect(refusalOfSql(statement)).resolves.toBeUndefined();
    },
  );

  test('a shard of Citus answers with the same sentence', () => {
    const error = Object.assign(new Error('duplicate'), {
      name: 'PostgresError',
      code: '23505',
      table_name: 'plan_102008',
      constraint_name: 'plan_pkey_102008',
      detail: 'Key (id)=(pro) already exists.',
    });
    expect(refusalOf(error)).toMatchObject({ kind: 'conflict', message: "Plan: id 'pro' exists already" });
  });
});

describe('the way to the database', () => {
  const ask = async (target: string) => {
    const connection = connectTo(parseDatabaseUrl(target), 1);
    try {
      return await connection`select 1`.then(() => undefined, refusalOf);
    } finally {
      await connection.end({ timeout: 0 });
    }
  };

  test('nobody listens: unavailable', async () => {
    const port = await freePort();
    await expect(ask(`postgres://u:p@127.0.0.1:${port}/db`)).resolves.toMatchObject({
      kind: 'unavailable',
      message: `The database cannot be reached: connect ECONNREFUSED 127.0.0.1:${port}`,
    });
  });

  test('no socket there: unavailable', async () => {
    await expect(ask('postgres:///db?host=/nonexistent')).resolves.toMatchObject({ kind: 'unavailable' });
  });

  const hasPassword = parseDatabaseUrl(url).password !== undefined;
  test.runIf(hasPassword)('a wrong password: config, and the password is not told', async () => {
    const refusal = await ask(url.replace(/:[^:@]*@/, ':wrong-secret@'));
    expect(refusal).toMatchObject({
      kind: 'config',
      message: expect.stringContaining('The database refused the login') as string,
    });
    expect(String(refusal?.message) + refusal?.hint).not.toContain('wrong-secret');
  });

  test('a database that does not exist: config', async () => {
    await expect(ask(url.replace(/\/[^/?]*(\?|$)/, '/no_such_database$1'))).resolves.toMatchObject({
      kind: 'config',
    });
  });

  test('a missing file is not the database: no refusal', () => {
    expect(
      refusalOf(Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT', syscall: 'open' })),
    ).toBeUndefined();
  });

  test('a Failure stays what it is', () => {
    const failure = new Failure('usage', 'x');
    expect(refusalOf(failure)).toBe(failure);
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
