import { describe, expect, test } from 'vitest';
import { connectTo } from '../../src/database/connect.ts';
import { parseDatabaseUrl } from '../../src/database/address.ts';
import { withoutOwnSession } from '../../src/database/own-session.ts';
import { subctl } from '../support/cli.ts';
import { databaseWithRoles } from './world.ts';

const { sql, env, prefix, account, run, urlOf } = await databaseWithRoles();
const as = (role: string, line: string) => run(line.split(' '), account(role));
const lines = (stdout: string) => JSON.parse(stdout) as Record<string, unknown>[];

await run(['setup', '--catalogue', 'sketchmaker']);
await run(['customers', 'add', 'bob', '--email', 'bob@example.org']);
await run(['config', 'set', 'required_keys', 'none']);

describe('the program as an account with a role', () => {
  test.each([
    ['superadmin', 'plans deactivate pro'],
    ['superadmin', 'tokens create web --scope check'],
    ['superadmin', 'config set ending_notice_days 5'],
    ['admin', 'assign bob premium'],
    ['admin', 'customers edit bob --name Bob'],
    ['admin', 'usage record bob --kind image'],
    ['admin', 'handle-renewals'],
    ['admin', 'reset-credits'],
    ['admin', 'send-alerts'],
    ['admin', 'tokens list'],
    ['admin', 'doctor --deep'],
    ['personal', 'customers show bob'],
    ['personal', 'usage events bob'],
    ['reader', 'usage-report summary'],
    ['reader', 'usage-report dashboard'],
    ['reader', 'subscriptions show bob'],
    ['reader', 'usage show bob'],
    ['reader', 'credits show bob'],
    ['reader', 'invoices list'],
    ['reader', 'doctor'],
    ['reader', 'keys list'],
    ['reader', 'keys status'],
  ])('M1: %s may: %s', async (role, line) => {
    const done = await as(role, line);
    expect(done, done.stderr).toMatchObject({ code: 0 });
  });

  test.each([
    ['admin', 'plans deactivate premium', 'plans'],
    ['admin', 'tokens create other --scope check', 'api_tokens'],
    ['admin', 'config set ending_notice_days 6', 'settings'],
    ['admin', 'keys use openai --model gpt-4o', 'settings'],
    ['reader', 'customers disable bob', 'changes'],
    ['reader', 'customers show bob', 'customers'],
    ['reader', 'credits add bob 5 --reason gift', ''],
    ['personal', 'customers edit bob --name Eve', ''],
    ['app', 'customers list', 'subctl_internal'],
  ])('M1, defect 81: %s may not: %s', async (role, line, object) => {
    const done = await as(role, line);
    expect(done).toMatchObject({ code: 4, stdout: '' });
    expect(done.stderr).toContain('Your account of the database may not do this: permission denied for');
    expect(done.stderr).toContain(object);
    expect(done.stderr).toContain('subctl roles list');
  });

  test('without any role it is told to ask for one, exit code 5', async () => {
    const done = await as('nobody', 'plans list');
    expect(done).toMatchObject({ code: 5 });
    expect(done.stderr).toContain('has no role in subctl');
  });
});

describe('an application', () => {
  test('M6: calls the functions of docs/usage.md, and touches no table', async () => {
    const app = connectTo(parseDatabaseUrl(urlOf(account('app'))), 1);
    try {
      const [row] =
        await app`select subctl.record_usage_json(customer => 'bob', kind => 'image', key => 'k1') as a`;
      expect(row).toMatchObject({ a: { allowed: true, replayed: false } });
      const [held] = await app`select subctl.reserve_usage(customer => 'bob', kind => 'image') as a`;
      const [settled] =
        await app`select subctl.settle_usage(customer => 'bob', reservation => ${(held!['a'] as { reservation: string }).reservation}) as a`;
      expect(settled).toMatchObject({ a: { allowed: true } });
      for (const statement of [
        'select * from subctl.customers',
        "update subctl.usage_totals set used = '{0}'",
        "select subctl_internal.lock_customers('{bob}')",
        'select subctl_internal.decide_usage(null::subctl.usage_request)',
      ])
        await expect(app.unsafe(statement), statement).rejects.toMatchObject({ code: '42501' });
    } finally {
      await app.end();
    }
  });

  test('M3: a customer that its use has made is in the audit with the account of the application', async () => {
    await run(['config', 'set', 'auto_create', 'true']);
    const app = connectTo(parseDatabaseUrl(urlOf(account('app'))), 1);
    try {
      await app`select subctl.record_usage_json(customer => 'fresh', kind => 'image')`;
    } finally {
      await app.end();
    }
    const rows =
      await sql`select actor from subctl.audit_trail t join subctl.changes c on c.id = t.change_id where t.customer_id = 'fresh'`;
    expect(rows).toEqual([{ actor: account('app') }]);
  });

  test('what it creates in its own schema is not called by functions that run as the owner', async () => {
    const app = connectTo(parseDatabaseUrl(urlOf(account('app'))), 1);
    try {
      await withoutOwnSession(app).unsafe(`
        create function pg_temp.coalesce_all(numeric) returns numeric language sql as 'select $1';
        create temp table usage_totals (customer_id text);
        create function pg_temp.uuid7(timestamptz) returns uuid language plpgsql as 'begin raise exception ''hijacked''; end';
        set search_path = pg_temp, public, subctl`);
      const [row] =
        await app`select subctl.record_usage_json(customer => 'bob', kind => 'image', key => 'k2') as a`;
      expect(row).toMatchObject({ a: { allowed: true } });
    } finally {
      await app.end();
    }
  });
});

describe('giving and taking roles', () => {
  test('M5: a superadmin may, an admin may not', async () => {
    expect(await as('superadmin', `roles grant reader ${account('nobody')}`)).toMatchObject({ code: 0 });
    const [change] = await sql`
      select a.entity, a.entity_key, a.after from subctl.audit_log a where a.entity = 'role' order by a.change_id desc limit 1`;
    expect(change).toEqual({ entity: 'role', entity_key: account('nobody'), after: { role: 'reader' } });
    expect(await as('superadmin', `roles grant reader ${account('nobody')}`)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('already'),
    });
    for (const line of [
      `roles grant superadmin ${account('admin')}`,
      `roles revoke superadmin ${account('superadmin')}`,
    ]) {
      const done = await as('admin', line);
      expect(done, line).toMatchObject({ code: 4 });
    }
    expect(await as('superadmin', `roles revoke reader ${account('nobody')}`)).toMatchObject({ code: 0 });
    expect(await as('nobody', 'plans list')).toMatchObject({ code: 5 });
  });

  test('M5: the last superadmin stays one', async () => {
    const done = await run(['roles', 'revoke', 'superadmin', account('superadmin')]);
    expect(done).toMatchObject({ code: 4, stderr: expect.stringContaining('last superadmin') });
    const [row] = lines((await run(['roles', 'list', '--json'])).stdout);
    expect(row).toMatchObject({ role: 'superadmin', accounts: [account('superadmin')] });
  });

  test('unknown roles and accounts are named', async () => {
    expect(await run(['roles', 'grant', 'king', account('nobody')])).toMatchObject({ code: 2 });
    expect(await run(['roles', 'grant', 'admin', `${prefix}_absent`])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('create role'),
    });
  });

  test('a dry run gives nothing', async () => {
    expect(await run(['roles', 'grant', 'admin', account('nobody'), '--dry-run'])).toMatchObject({ code: 0 });
    expect(await as('nobody', 'plans list')).toMatchObject({ code: 5 });
  });
});

describe('rights that were changed by hand', () => {
  test('are found by roles check and put right by setup', async () => {
    expect(await run(['roles', 'check'])).toMatchObject({ code: 0 });
    await withoutOwnSession(sql).unsafe(`
      grant select on subctl.api_tokens to public;
      grant delete on subctl.changes to ${prefix}_admin;
      grant select (email) on subctl.customers to ${prefix}_reader;
      revoke select on subctl.plans from ${prefix}_reader;
      grant execute on function subctl_internal.decide_usage to public;
      alter function subctl.record_usage security invoker;
      alter function subctl_internal.lock_customers security definer`);
    const done = await run(['roles', 'check', '--json']);
    expect(done).toMatchObject({ code: 4 });
    const short = lines(done.stdout).map(({ role, state, right, object }) =>
      [role, state, right, String(object).replace(/\(.*/s, '')].join(' '),
    );
    expect(short.sort()).toEqual([
      'admin too much delete changes',
      'app missing security definer record_usage',
      'app too much security definer lock_customers',
      'public too much execute decide_usage',
      'public too much select api_tokens',
      'reader missing select plans',
      'reader too much select (email) customers',
    ]);
    expect(await run(['setup'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('7 rights corrected'),
    });
    expect(await run(['roles', 'check'])).toMatchObject({ code: 0 });
    expect(await run(['setup', '--json'])).toMatchObject({
      stdout: expect.stringContaining('"changed": false'),
    });
  });

  test('a function that an update makes again keeps its callers', async () => {
    await sql`update subctl.migrations set checksum = 'another' where name like '%record_usage_json%'`;
    await withoutOwnSession(sql).unsafe('drop function subctl.record_usage_json');
    await run(['setup']);
    expect(await run(['roles', 'check'])).toMatchObject({ code: 0 });
  });
});

test('roles show lists what a role may, and what it does not see of a table', async () => {
  const rows = lines((await run(['roles', 'show', 'reader', '--json'])).stdout);
  expect(rows).toContainEqual({
    kind: 'table',
    object: 'members',
    rights: ['select'],
    hidden: ['name', 'email'],
  });
  expect(rows.filter(({ rights }) => String(rights) !== 'select' && String(rights) !== 'execute')).toEqual(
    [],
  );
  expect(await run(['roles', 'show', 'king'])).toMatchObject({ code: 2 });
});

test('another prefix is refused where there are roles, and so is one without --roles', async () => {
  expect(await run(['setup', '--roles', '--role-prefix', 'other'])).toMatchObject({ code: 8 });
  expect(await run(['setup', '--role-prefix', 'other'])).toMatchObject({ code: 2 });
  expect(await run(['setup', '--roles', '--role-prefix', 'pg_x'])).toMatchObject({ code: 2 });
});

test('an account that may not make roles is told what to ask for', async () => {
  const owner = `${prefix}_owner`;
  await withoutOwnSession(sql).unsafe(`create role ${owner} login password 'x'`);
  await withoutOwnSession(sql).unsafe(`create database ${owner} owner ${owner}`);
  try {
    const DATABASE_URL = urlOf(owner, owner);
    const done = await subctl(['setup', '--roles', '--role-prefix', `${prefix}_x`], {
      env: { ...env, DATABASE_URL },
    });
    expect(done).toMatchObject({ code: 4 });
    expect(done.stderr).toContain(`create role "${prefix}_x_superadmin" nologin`);
  } finally {
    await withoutOwnSession(sql).unsafe(`drop database ${owner} with (force)`);
  }
});
