import { describe, expect, test } from 'vitest';
import { parseDatabaseUrl } from '../../src/database/address.ts';
import { connectTo } from '../../src/database/connect.ts';
import { withoutOwnSession } from '../../src/database/own-session.ts';
import { formatDatabaseUrl } from '../../src/database/url.ts';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';

const { env, sql, url } = await testDatabase({ empty: true });
const setup = async (line = '', more: Record<string, string> = {}) =>
  subctl(['setup', ...line.split(' ').filter(Boolean)], { env: { ...env, ...more } });
const json = async (line = '', more: Record<string, string> = {}) => {
  const { code, stdout, stderr } = await setup(`${line} --json`, more);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return JSON.parse(stdout);
};

test('a dry run on an empty database shows everything and makes nothing', async () => {
  expect(await json('--catalogue sketchmaker --dry-run')).toMatchObject({
    dry_run: true,
    changed: true,
    default_plan: 'free',
  });
  expect(await sql`select from pg_namespace where nspname = 'subctl'`).toHaveLength(0);
});

test('O1: two at once set it up once, whole', async () => {
  const [one, other] = await Promise.all([json('--catalogue sketchmaker'), json('--catalogue sketchmaker')]);
  expect([one.changed, other.changed].sort()).toEqual([false, true]);
  const first = one.changed ? one : other;
  expect(first).toMatchObject({
    database: 'external',
    catalogue: 'sketchmaker',
    default_plan: 'free',
    kept: [],
  });
  expect(first.partitions).toBe(26);
  expect(first.tasks).toContain('handle-renewals');
  expect(await sql`select from subctl.changes where action = 'setup'`).toHaveLength(1);
});

test('a second run finds nothing to do, and says so', async () => {
  const { code, stdout, stderr } = await setup('--catalogue sketchmaker');
  expect(code).toBe(0);
  expect(stdout).toMatch(/Schema +up to date/);
  expect(stdout).toMatch(/Catalogue +sketchmaker: nothing to do/);
  expect(stderr).toContain('Nothing to do');
});

test('what an operator edited since is kept and named; --update overwrites it', async () => {
  await sql`update subctl.plans set name = 'Gratis' where id = 'free'`;
  expect(await json('--catalogue sketchmaker')).toMatchObject({ changed: false, kept: ['plan free'] });
  expect(await json('--catalogue sketchmaker --update')).toMatchObject({ changed: true, kept: [] });
  expect(await sql`select name from subctl.plans where id = 'free'`).not.toEqual([{ name: 'Gratis' }]);
});

test('P12: --default-plan takes the place of the one before', async () => {
  expect(await json('--default-plan pro')).toMatchObject({ default_plan: 'pro', changed: true });
  expect(await json('--default-plan pro')).toMatchObject({ default_plan: 'pro', changed: false });
  expect(await sql`select id from subctl.plans where is_default`).toEqual([{ id: 'pro' }]);
  expect(await setup('--default-plan gold')).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('gold'),
  });
});

test('K6: a token price of the environment becomes a dated row when it differs, and only then', async () => {
  const environment = { HUGGINGFACE_INPUT_TOKEN_COST: '0.000002', HUGGINGFACE_OUTPUT_TOKEN_COST: '0.000003' };
  const { environment_prices: taken } = await json('', environment);
  expect(taken).toMatchObject([
    { component: 'input_tokens', amount: '0.000002' },
    { component: 'output_tokens', amount: '0.000003' },
  ]);
  expect(await json('', environment)).toMatchObject({ environment_prices: [], changed: false });
  expect(await json('', { ...environment, HUGGINGFACE_INPUT_TOKEN_COST: '0.000004' })).toMatchObject({
    environment_prices: [{ component: 'input_tokens', amount: '0.000004', before: '0.000002' }],
  });
  expect(await setup('', { HUGGINGFACE_INPUT_TOKEN_COST: 'cheap' })).toMatchObject({ code: 2 });
});

test('--timezone is the zone of the settings until there are customers', async () => {
  expect(await json('--timezone Asia/Tehran')).toMatchObject({ changed: true });
  await sql`select subctl_internal.create_customer('ann', '2026-01-01', null, 'test')`;
  expect(await json('--timezone Asia/Tehran')).toMatchObject({ changed: false });
  expect(await setup('--timezone Europe/Berlin')).toMatchObject({ code: 4 });
});

test('an unknown catalogue is refused before anything is made', async () => {
  expect(await setup('--catalogue sketchmake')).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('sketchmaker'),
  });
});

test('M4: the change of setup names the actor and what was asked', async () => {
  await setup('--default-plan free --actor carl --reason launch');
  const [change] = await sql`select actor, reason, asked from subctl.changes order by at desc limit 1`;
  expect(change).toEqual({ actor: 'carl', reason: 'launch', asked: { default_plan: 'free' } });
});

test('audit_log and changes refuse to be rewritten, to their owner too', async () => {
  const role = `owner_${process.pid}`;
  await sql.unsafe(`create role ${role} login password 'x'`);
  await withoutOwnSession(sql).unsafe(`create database ${role} owner ${role}`);
  const address = { ...parseDatabaseUrl(url), user: role, password: 'x', database: role };
  const owner = connectTo(address, 1);
  try {
    const asOwner = { DATABASE_URL: formatDatabaseUrl(address, { showPassword: true }) };
    expect(await json('', asOwner)).toMatchObject({ changed: true });
    await expect(owner`update subctl.audit_log set entity = 'x'`).rejects.toMatchObject({ code: '42501' });
    await expect(owner`delete from subctl.changes`).rejects.toMatchObject({ code: '42501' });
    await expect(owner`update subctl.credit_entries set amount = 1`).rejects.toMatchObject({ code: '42501' });
    await expect(owner`truncate subctl.audit_log`).rejects.toMatchObject({ code: '42501' });
  } finally {
    await owner.end();
    await withoutOwnSession(sql).unsafe(`drop database ${role} with (force)`);
    await sql.unsafe(`drop role ${role}`);
  }
});

describe('--plan', () => {
  test('shows the SQL of what is missing, in order, and runs none of it', async () => {
    const { stdout, stderr } = await setup('--plan');
    expect(stdout).toBe('');
    expect(stderr).toContain('there is nothing to run');
    await sql`update subctl.migrations set checksum = 'another' where name = 'engine/iso'`;
    const changed = await setup('--plan');
    expect(changed.stdout).toMatch(/^-- engine\/types\/iso\n/);
    expect(changed.stdout).toContain('create or replace function subctl_internal.iso');
    expect(changed.stderr).toContain('this 1 SQL file');
    expect(await sql`select checksum from subctl.migrations where name = 'engine/iso'`).toEqual([
      { checksum: 'another' },
    ]);
    expect(await setup('')).toMatchObject({ code: 0 });
    expect((await setup('--plan')).stdout).toBe('');
  });

  test('of a database without a schema it is the whole schema, and makes what setup makes', async () => {
    const bare = await testDatabase({ empty: true });
    const { stdout } = await subctl(['setup', '--plan'], { env: bare.env });
    expect(await bare.sql`select to_regnamespace('subctl') as name`).toEqual([{ name: null }]);
    await withoutOwnSession(bare.sql).unsafe(stdout);
    const objects = (on: typeof sql) => on`
      select c.relkind, c.relname from pg_class c where c.relnamespace = 'subctl'::regnamespace and c.relname !~ '_20[0-9]{2}_'
      union all select 'f', p.oid::regprocedure::text from pg_proc p
       where p.pronamespace in ('subctl'::regnamespace, 'subctl_internal'::regnamespace) order by 1, 2`;
    expect(await objects(bare.sql)).toEqual(await objects(sql));
  });
});
