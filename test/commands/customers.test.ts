import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { loadLadder } from '../support/plans.ts';

const { env, sql } = await testDatabase();
const cwd = mkdtempSync(path.join(tmpdir(), 'subctl-customers-'));
afterAll(() => rmSync(cwd, { recursive: true }));
beforeAll(() => loadLadder(sql));

const run = (...args: string[]) => subctl(args, { env, cwd });
const json = async (...args: string[]) => {
  const { code, stdout, stderr } = await run(...args, '--json');
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return JSON.parse(stdout);
};

test('customers add gives the record; again it is a conflict', async () => {
  const asked = [
    'customers',
    'add',
    'ann',
    '--timezone',
    'europe/berlin',
    '--currency',
    'eur',
    '--metadata',
    '{"team":1}',
  ];
  expect(await json(...asked, '--as-of', '2026-01-01')).toEqual({
    ...{
      id: 'ann',
      kind: 'user',
      name: null,
      email: null,
      timezone: 'Europe/Berlin',
      currency: 'EUR',
      metadata: { team: 1 },
    },
    ...{ created_at: '2026-01-01T00:00:00.000Z', disabled_at: null },
  });
  expect(await run(...asked)).toMatchObject({
    code: 8,
    stdout: '',
    stderr: expect.stringContaining("Customer 'ann' already") as string,
  });
});

test.each([
  [['customers', 'add', 'x@example.org'], 2, /allow_email_ids/],
  [['customers', 'add', 'x', '--timezone', '+02:00'], 2, /fixed offset/],
  [['customers', 'add', 'x', '--currency', 'dollars'], 2, /three letters/],
  [['customers', 'add', 'x', '--metadata', '[]'], 2, /not a JSON object/],
  [['customers', 'add', 'x', '--kind', 'team'], 2, /user|group/],
  [['customers', 'show', 'nobody'], 3, /no customer 'nobody'/],
  [['customers', 'edit', 'ann'], 2, /No field of customer ann is given/],
  [['customers', 'edit', 'nobody', '--name', 'N'], 3, /no customer/],
  [['customers', 'import'], 2, /Either a file or --from-query/],
  [['customers', 'import', 'missing.csv'], 3, /no file 'missing.csv'/],
  [['members', 'add', 'ann', 'bob'], 4, /only groups have members/],
  [['members', 'remove', 'ann', 'bob'], 3, /not a member/],
  [['limits', 'set', 'ann', 'messages', 'month', '5'], 2, /needs a reason/],
  [['limits', 'set', 'ann', 'messages', 'month', '-5', '--reason', 'r'], 2, /-5/],
  [['limits', 'set', 'ann', 'messages', 'hour', '5', '--reason', 'r'], 4, /does not count messages per hour/],
  [['limits', 'remove', 'ann', 'messages', 'month'], 3, /no custom limit/],
  [['can-use', 'ann', 'teleport'], 3, /No plan has a feature/],
  [['can-use', 'nobody', 'sso'], 3, /no customer/],
  [['subscriptions', 'show', 'ann'], 3, /never had a subscription/],
  [['subscriptions', 'cancel', 'ann'], 3, /no live subscription/],
  [['subscriptions', 'history', 'nobody'], 3, /no customer/],
] as const)('%j ends with %i and a sentence', async (args, code, sentence) => {
  expect(await run(...args)).toMatchObject({
    code,
    stdout: '',
    stderr: expect.stringMatching(sentence) as string,
  });
});

test('customers edit, disable and enable show the customer as it is then', async () => {
  expect(
    await json('customers', 'edit', 'ann', '--name', 'Ann', '--clear', 'metadata', '--clear', 'currency'),
  ).toMatchObject({ name: 'Ann', metadata: {}, currency: null });
  expect((await run('customers', 'edit', 'ann', '--name', 'Ann')).stderr).toContain('Nothing to do');
  expect((await json('customers', 'disable', 'ann', '--reason', 'abuse')).disabled_at).toMatch(/Z$/);
  expect(await json('customers', 'enable', 'ann')).toMatchObject({ disabled_at: null });
  const changes = await sql`select action, reason from subctl.changes where action = 'customers disable'`;
  expect(changes).toEqual([{ action: 'customers disable', reason: 'abuse' }]);
});

test('customers import tells rejected rows on stderr and in the file, and exits 7; a dry run changes nothing', async () => {
  writeFileSync(path.join(cwd, 'people.csv'), 'id,email,plan\ni1,i1@example.org,pro\ni2,bad,\ni3,,nix\n');
  const asked = ['customers', 'import', 'people.csv', '--rejects', 'bad.csv', '--json'];
  expect(await run(...asked, '--dry-run')).toMatchObject({ code: 7 });
  expect(await sql`select from subctl.customers where id ~ '^i'`).toHaveLength(0);
  const done = await run(...asked);
  expect(done).toMatchObject({
    code: 7,
    stderr: expect.stringMatching(/line 3: The email 'bad'.*\n.*line 4: There is no plan 'nix'/) as string,
  });
  expect(JSON.parse(done.stdout)).toEqual({
    read: 3,
    added: 2,
    updated: 0,
    unchanged: 0,
    assigned: 1,
    rejected: 2,
    dry_run: false,
  });
  expect(readFileSync(path.join(cwd, 'bad.csv'), 'utf8').split('\r\n').slice(0, 3)).toEqual([
    'id,email,plan,line,reason',
    "i2,bad,,3,The email 'bad' is not an e-mail address",
    "i3,,nix,4,There is no plan 'nix'",
  ]);
});

test('customers import reads standard input and a query', async () => {
  const piped = await subctl(['customers', 'import', '-', '--json'], { env, cwd, stdin: 'id\ns1\ns2\n' });
  expect(JSON.parse(piped.stdout)).toMatchObject({ added: 2 });
  await sql`create table public.users (id int, email text)`;
  await sql`insert into public.users values (7001, 'x@example.org')`;
  expect(
    await json('customers', 'import', '--from-query', 'select id, email from public.users'),
  ).toMatchObject({ added: 1 });
  expect(await run('customers', 'import', '--from-query', 'delete from public.users')).toMatchObject({
    code: 2,
  });
});

test('S18: customers show has it all, as a page with bars and as one record', async () => {
  await json('customers', 'add', 'sue', '--timezone', 'Europe/Berlin', '--as-of', '2026-01-01');
  await json('assign', 'sue', 'pro', '--as-of', '2026-01-15T09:30Z');
  await sql`select subctl.record_usage('sue', 'message', as_of => '2026-01-20T00:00:00Z', quantity => 48)`;
  const page = await run('customers', 'show', 'sue', '--as-of', '2026-01-28T09:30Z');
  expect(page.stdout).toMatch(/Pro: pro version 1/);
  expect(page.stdout).toMatch(/2026-02-15 10:30\+01:00/);
  expect(page.stdout).toMatch(/messages.*period.*48.*80.*██████░░░░.*60/);
  expect(await json('customers', 'show', 'sue', '--as-of', '2026-01-28T09:30Z')).toMatchObject({
    ...{
      customer: 'sue',
      plan: 'pro',
      status: 'active',
      period_end: '2026-02-15T09:30:00.000Z',
      days_left: 18,
    },
    credits: { balance: '100', resets_at: '2026-02-15T09:30:00.000Z' },
  });
});

test('customers list pages by id', async () => {
  const rows = await json('customers', 'list', '--plan', 'pro', '--limit', '1');
  expect(rows).toMatchObject([{ id: 'i1', plan: 'pro', status: 'active' }]);
  const { stdout } = await run('customers', 'list', '--plan', 'pro', '--limit', '1');
  expect(stdout).toContain('subctl customers list --after i1');
});

test('members add, list and remove', async () => {
  await json('customers', 'add', 'acme', '--kind', 'group');
  await json('assign', 'acme', 'pro');
  expect(await json('members', 'add', 'acme', 'bob', '--role', 'admin')).toMatchObject({
    customer: 'acme',
    member: 'bob',
    role: 'admin',
    left_at: null,
  });
  expect((await run('members', 'list', 'acme')).stdout).toContain('1 of 3 seats on plan pro');
  expect((await json('members', 'remove', 'acme', 'bob')).left_at).toMatch(/Z$/);
  expect(await json('members', 'list', 'acme', '--all')).toHaveLength(1);
});

test('limits set, list and remove', async () => {
  const asOf = ['--as-of', '2026-01-28'];
  const set = await json(
    'limits',
    'set',
    'sue',
    'messages',
    'month',
    'unlimited',
    '--until',
    '2100-01-01',
    '--reason',
    'beta',
    ...asOf,
  );
  expect(set).toMatchObject({
    customer: 'sue',
    meter: 'messages',
    window: 'month',
    limit: null,
    reason: 'beta',
    ends_at: '2100-01-01T00:00:00.000Z',
  });
  expect(await json('limits', 'list', 'sue', ...asOf)).toMatchObject([
    { meter: 'messages', plan_limit: '100' },
  ]);
  await json('limits', 'remove', 'sue', 'messages', 'month', ...asOf);
  expect(await json('limits', 'list', 'sue', ...asOf)).toEqual([]);
});

test('P9: can-use exits 0 for yes and 4 for no', async () => {
  expect(await json('can-use', 'sue', 'api_access', '--as-of', '2026-02-03')).toMatchObject({
    allowed: true,
    plan: 'pro',
    plans: ['pro', 'trial', 'max'],
  });
  const no = await run('can-use', 'sue', 'sso', '--as-of', '2026-02-03', '--json');
  expect({ ...JSON.parse(no.stdout), code: no.code }).toMatchObject({
    code: 4,
    allowed: false,
    reason: 'not_in_plan',
  });
});
