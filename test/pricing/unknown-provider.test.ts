import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { subctl as connect } from '../../src/library/subctl.ts';
import { startApi } from '../http/api/world.ts';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { customer, lay, plan, subscribe } from '../usage/world.ts';

const { sql, url, env } = await testDatabase();
const client = connect({ url });
const api = await startApi(sql);
const folder = mkdtempSync(path.join(tmpdir(), 'subctl-unpriced-'));
let token: string;
let uses = 0;
afterAll(async () => {
  await client.close();
  rmSync(folder, { recursive: true });
});
const run = (line: string) => subctl(line.split(' '), { env, cwd: folder });

beforeAll(async () => {
  await lay(sql);
  await plan(sql, 'capped', { limits: { cost_usd: { month: 25 } } });
  await plan(sql, 'open', {});
  for (const [who, to] of [
    ['capped', 'capped'],
    ['open', 'open'],
  ] as const) {
    await customer(sql, who);
    await subscribe(sql, who, to, { at: '2020-01-01T00:00:00Z' });
  }
  token = await api.token();
});

interface Told {
  allowed: boolean | null;
  reason: string | null;
  unpriced?: boolean;
}
type Use = { model?: string; input_tokens?: number; units?: Record<string, number> };
type Door = (who: string, use: Use) => Promise<Told & { exit?: number; status?: number }>;

const library = ({ input_tokens, ...rest }: Use) => ({
  ...{ kind: 'llm', ...rest },
  ...(input_tokens !== undefined && { inputTokens: input_tokens }),
});
const options = ({ model, input_tokens, units }: Use) => [
  ...(model === undefined ? [] : ['--model', model]),
  ...(input_tokens === undefined ? [] : ['--input-tokens', String(input_tokens)]),
  ...(units === undefined ? [] : ['--units', JSON.stringify(units)]),
];
const command =
  (...verb: string[]): Door =>
  async (who, use) => {
    const done = await subctl(['usage', ...verb, who, '--kind', 'llm', ...options(use), '--json'], { env });
    return { ...(JSON.parse(done.stdout) as Told), exit: done.code };
  };

const doors: Record<string, Door> = {
  SQL: async (who, use) => {
    const [row] = await sql<[{ told: Told }]>`
      select subctl.record_usage(customer => ${who}, kind => 'llm', model => ${use.model ?? null}, input_tokens => ${use.input_tokens ?? null},
                                 units => ${use.units ? sql.json(use.units) : null}) as told`;
    return row.told;
  },
  record_usage_many: async (who, use) => {
    const [row] = await sql<[{ told: Told }]>`
      select subctl.record_usage_many(${sql.json([{ customer: who, kind: 'llm', ...use }])})->0 as told`;
    return row.told;
  },
  preflight_usage: async (who, use) => {
    const [row] = await sql<[{ told: Told & { totals: { unpriced: boolean } } }]>`
      select subctl.preflight_usage(${who}, ${sql.json([{ kind: 'llm', ...use }])}) as told`;
    return { ...row.told, unpriced: row.told.totals.unpriced };
  },
  'HTTP record': async (who, use) => {
    const { status, body } = await api.ask('/v1/record', {
      token,
      body: { customer: who, kind: 'llm', ...use },
    });
    return { ...(body as Told), status };
  },
  'HTTP check': async (who, use) =>
    (await api.ask('/v1/check', { token, body: { customer: who, kind: 'llm', ...use } })).body as Told,
  'library record': (who, use) => client.record({ customer: who, ...library(use) }),
  'library check': (who, use) => client.check({ customer: who, ...library(use) }),
  'library reserve': async (who, use) => {
    const told = await client.reserve({ customer: who, ...library(use) });
    return told as Told;
  },
  'CLI record': command('record'),
  'CLI check': command('check'),
  'CLI reserve': command('reserve'),
};

const unknown: [string, Use][] = [
  ['a model that nobody knows', { model: 'no-such-model', input_tokens: 100_000_000 }],
  ['no provider and no model', { input_tokens: 100_000_000 }],
  ['a model alone', { model: 'my-finetune-7' }],
  ['units alone', { units: { searches: 5 } }],
];

describe.each(Object.entries(doors))('B3: %s', (_, ask) => {
  it.each(unknown)('%s is unpriced, and refused under a hard cost limit', async (__, use) => {
    const { exit, status, ...refused } = await ask('capped', use);
    expect(refused).toMatchObject({ allowed: false, reason: 'unpriced' });
    if (exit !== undefined) expect(exit).toBe(4);
    if (status !== undefined) expect(status).toBe(422);
    expect(await ask('open', use)).toMatchObject({ allowed: true, unpriced: true });
  });
});

it('B3: an import under a cost limit rejects the row, and elsewhere parks its money, exit 7', async () => {
  const now = new Date().toISOString();
  const rows = (who: string) =>
    `customer,kind,at,quantity,model,input_tokens,key\n${who},llm,${now},1,no-such-model,1000,i${uses++}\n`;
  writeFileSync(path.join(folder, 'capped.csv'), rows('capped'));
  writeFileSync(path.join(folder, 'open.csv'), rows('open'));
  const capped = await run('usage import capped.csv --json');
  expect([capped.code, capped.stdout]).toEqual([7, expect.stringContaining('unpriced')]);
  expect(await run('usage import open.csv --json')).toMatchObject({ code: 7 });
  const [row] =
    await sql`select unpriced from subctl.usage_events where customer_id = 'open' order by recorded_at desc limit 1`;
  expect(row).toEqual({ unpriced: true });
});

it('B3: record exits 7, and explain, unpriced, doctor and the reports say so', async () => {
  expect(await run('usage record open --kind llm --model no-such-model --input-tokens 5')).toMatchObject({
    code: 7,
    stderr: expect.stringContaining('subctl pricing unpriced') as string,
  });
  const explained = await run('usage explain capped llm --model no-such-model --json');
  expect(JSON.parse(explained.stdout)).toMatchObject({ allowed: false, reason: 'unpriced', rule: 'R26' });
  const listed = JSON.parse((await run('pricing unpriced --json')).stdout) as object[];
  expect(listed).toContainEqual(expect.objectContaining({ provider: null, model: 'no-such-model' }));
  expect((await run('doctor')).stdout).toMatch(/prices/);
  expect((await run('doctor')).code).not.toBe(0);
  const report = JSON.parse((await run('usage-report costs --by provider --json')).stdout) as {
    rows?: { unpriced: number }[];
  };
  expect(JSON.stringify(report)).toMatch(/"unpriced":[1-9]/);
});

it('B3: what is known to be free says so: by cost 0, by its kind, or by one setting for all', async () => {
  const use = { kind: 'llm', model: 'no-such-model', inputTokens: 5 };
  expect(await client.record({ customer: 'capped', ...use, cost: '0' })).toMatchObject({
    ...{ allowed: true, cost: '0', unpriced: false },
  });
  await run('credit-costs set own_model none --new-kind --cost none');
  expect(await client.record({ customer: 'capped', ...use, kind: 'own_model' })).toMatchObject({
    ...{ allowed: true, cost: '0', unpriced: false },
  });
  await run('credit-costs set own_model none --cost priced');
  expect(await client.record({ customer: 'capped', ...use, kind: 'own_model' })).toMatchObject({
    reason: 'unpriced',
  });
  await run('config set unpriced_uses free');
  expect(await client.record({ customer: 'capped', ...use })).toMatchObject({ cost: '0', unpriced: false });
  await run('config set unpriced_uses unpriced');
  expect(await client.record({ customer: 'capped', ...use })).toMatchObject({ reason: 'unpriced' });
});

it('B3: rerate finds a use without a provider once its model has one, and the books agree', async () => {
  const { event_id: id } = await client.record({
    customer: 'open',
    kind: 'llm',
    model: 'house-7',
    inputTokens: 1000,
  });
  const rerate = async () => {
    expect((await run('pricing rerate --yes --json')).code).toBe(0);
    const [row] =
      await sql`select cost, unpriced, provider, price_provider from subctl.usage_events where id = ${id}`;
    return row;
  };
  await run('pricing set house house-7 input_tokens 2 --from 2020-01-01 --yes');
  expect(await rerate()).toEqual({ cost: '0.002', unpriced: false, provider: null, price_provider: 'house' });
  expect(await sql`select * from subctl.integrity_costs`).toEqual([]);
});

it('B3: a use with tokens, units or a model and without a cost is named by the check of costs', async () => {
  const { event_id: id } = await client.record({ customer: 'open', kind: 'llm', inputTokens: 10 });
  await sql`update subctl.usage_events set unpriced = false where id = ${id}`;
  expect(await sql`select * from subctl.integrity_costs`).toEqual([
    { customer_id: 'open', subject: `cost of event ${id}`, expected: 'a cost, or unpriced', found: 'none' },
  ]);
});
