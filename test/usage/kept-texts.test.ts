import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { subctl as connect } from '../../src/library/subctl.ts';
import { startApi } from '../http/api/world.ts';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { customer, lay, plan, subscribe } from './world.ts';

const { sql, url, env } = await testDatabase();
const client = connect({ url });
const api = await startApi(sql);
let token: string;
afterAll(() => client.close());
beforeAll(async () => {
  await lay(sql);
  await plan(sql, 'open', {});
  await customer(sql, 'ann');
  await subscribe(sql, 'ann', 'open', { at: '2020-01-01T00:00:00Z' });
  token = await api.token();
});

const long = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0';
const shapes = [
  ...[
    `sk-${long}`,
    `sk_${'live'}_${long}`,
    `rk_${'test'}_${long}`,
    `whsec_${long}`,
    `ghp_${long}`,
    `github_pat_${long}`,
  ],
  ...[`AKIA${'ABCDEFGH12345678'}`, `AIza${long.slice(0, 35)}`, `hf_${long}`, `glpat-${long}`, `xoxb-${long}`],
  ...['-----BEGIN RSA PRIVATE KEY-----', 'postgres://me:secret@db/x', `eyJ${long}.eyJ${long}.x`],
];
const columns = ['endpoint', 'session', 'model', 'member', 'key', 'status', 'provider'] as const;
const kept = async () =>
  (
    await sql`select coalesce(string_agg(e::text, ' '), '') || (select coalesce(string_agg(k::text, ' '), '') from subctl.usage_keys k)
                    || (select coalesce(string_agg(r::text, ' '), '') from subctl.reservations r) as text from subctl.usage_events e`
  )[0]!.text as string;

describe.each(columns)('H18: a secret in the %s of a use', (column) => {
  it.each(shapes)('%s is refused, and nothing of it is kept', async (secret) => {
    const text = column === 'endpoint' ? `https://api.example.org/${secret}` : `x ${secret}`;
    await expect(client.record({ customer: 'ann', kind: 'llm', [column]: text })).rejects.toThrow(
      new RegExp(`The ${column} contains (a|an) .*, which is refused`),
    );
    expect(await kept()).not.toContain(secret);
  });
});

it.each(columns)('H18: by SQL in a batch, HTTP and command too: %s', async (column) => {
  const use = { customer: 'ann', kind: 'llm', [column]: `x sk_${'live'}_${long}` };
  const [row] = await sql`select subctl.record_usage_many(${sql.json([use])})->0->'error' as error`;
  expect(row!.error).toMatchObject({ code: 'usage' });
  expect(await api.ask('/v1/record', { token, body: use })).toMatchObject({ status: 400 });
  const done = await subctl(
    ['usage', 'record', 'ann', '--kind', 'llm', `--${column}`, use[column] as string],
    { env },
  );
  expect([done.code, done.stderr]).toEqual([
    2,
    expect.stringContaining(`The ${column} contains a Stripe key`),
  ]);
  expect(await kept()).not.toContain('sk_live');
});

it('H18: what follows the path of an endpoint is cut: of a use, of a reservation and when it is settled', async () => {
  const endpoint = `https://api.example.org/v1?key=sk_${'live'}_${long}#part`;
  await client.record({ customer: 'ann', kind: 'llm', endpoint });
  const { reservation } = (await client.reserve({ customer: 'ann', kind: 'llm', endpoint })) as unknown as {
    reservation: string;
  };
  await sql`select subctl.settle_usage('ann', ${reservation}, endpoint => ${endpoint})`;
  const rows = await sql`select distinct endpoint from subctl.usage_events where endpoint is not null`;
  expect(rows).toEqual([{ endpoint: 'https://api.example.org/v1' }]);
  expect(await kept()).not.toContain('?key=');
});

it('H18: ordinary texts are kept as they are', async () => {
  const use = {
    session: 'task-12345678901234567890-abc',
    endpoint: '/v1/chat',
    model: 'risk-averse-12345678901234567890',
    key: 'desk-12345678901234567890',
  };
  expect(await client.record({ customer: 'ann', kind: 'llm', ...use })).toMatchObject({ allowed: true });
  for (const text of Object.values(use)) expect(await kept()).toContain(text);
});

it.each([
  ['reason', ['credits', 'add', 'ann', '5', '--reason']],
  ['name', ['customers', 'add', 'bob', '--name']],
  ['name', ['customers', 'edit', 'ann', '--name']],
])('H18: a secret in a %s is refused', async (what, line) => {
  const done = await subctl([...line, `it is sk_${'live'}_${long}`], { env });
  expect([done.code, done.stderr]).toEqual([2, expect.stringContaining(`The ${what} contains a Stripe key`)]);
});

it.each([
  ['name', [], 'new'],
  ['metadata', [], 'new'],
  ['name', ['--update'], 'ann'],
  ['metadata', ['--update'], 'ann'],
])(
  'H18: a secret in a %s of customers import %j is a rejected row, and its neighbors are taken',
  async (column, options, id) => {
    const secret = `sk_${'live'}_${long}`;
    const text = column === 'name' ? `it is ${secret}` : `"{""key"":""${secret}""}"`;
    const stdin = `id,${column}\nfirst-${column},\n${id},${text}\nlast-${column},\n`;
    const done = await subctl(['customers', 'import', '-', ...options, '--json'], { env, stdin });
    expect([done.code, done.stderr]).toEqual([
      7,
      expect.stringContaining(`line 3: The ${column} contains a Stripe key, which is refused`),
    ]);
    expect(done.stderr).not.toContain(secret);
    expect(JSON.parse(done.stdout)).toMatchObject({ read: 3, rejected: 1 });
    const rows = await sql<{ text: string }[]>`select c::text as text from subctl.customers c`;
    expect(rows.some((row) => row.text.includes(secret))).toBe(false);
  },
);
