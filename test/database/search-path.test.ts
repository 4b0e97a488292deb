import * as fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { withoutOwnSession } from '../../src/database/own-session.ts';
import { subctl } from '../../src/library/subctl.ts';
import { root, subctl as command } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { temporaryFolder } from '../support/test-server.ts';
import { plant } from './planted.ts';

const { sql, env, url } = await testDatabase();

/** SQL functions that applications call: of those in SQL only these are entered from outside; the others are expressions of other functions. */
const entries = ['record_usage', 'check_usage', 'features'];
const ownPath = 'search_path=pg_catalog, subctl, pg_temp';

const catalogue = `
schema: 1
currency: USD
period: {unit: month, length: 1}
default_plan: free
credit_costs: {image: "1", llm: "0.5"}
meters:
  spend: {name: Spend, kinds: [llm, image], field: cost}
plans:
  free: {name: Free, rank: 0, prices: {month: "0.00"}, credits: {period: 10}, limits: {images: {period: 20}}}
  pro: {name: Pro, rank: 2, prices: {month: "30.00"}, credits: {period: 100}, features: {sso: true}, limits: {
    images: {period: 500, rolling_1h: 50, day: 100}, tokens: {month: 100000, rolling_24h: 90000}, spend: {period: "100"}}}
`;

/** Every question of docs/usage.md, and the refusals among them. */
const questions = [
  `subctl.settle_usage(customer => 'ann', reservation => (subctl.reserve_usage(customer => 'ann', kind => 'image')operator(pg_catalog.->>) 'reservation')::uuid)`,
  `subctl.release_usage('ann', (subctl.reserve_usage(customer => 'ann', kind => 'image')operator(pg_catalog.->>) 'reservation')::uuid)`,
  `subctl.record_usage(customer => 'ann', kind => 'image', key => 'a')`,
  `subctl.record_usage(customer => 'ann', kind => 'image', key => 'a')`,
  `subctl.record_usage(customer => 'ann', kind => 'image', quantity => 400)`,
  `subctl.record_usage_json(customer => 'ann', kind => 'image', at => now() - interval '1 minute', quantity => 1.5)`,
  `subctl.record_usage_json(customer => 'ann', kind => 'image', session => 's')`,
  `subctl.record_usage(customer => 'ann', kind => 'image', quantity => 400, partial => true)`,
  `subctl.record_usage(customer => 'ann', kind => 'llm', provider => 'openai', model => 'gpt-5', input_tokens => 10, output_tokens => 4)`,
  `subctl.record_usage(customer => 'ann', kind => 'image', quantity => 2, at => now() - interval '2 hours', cost => 0.5)`,
  `subctl.record_usage(customer => 'nobody', kind => 'image')`,
  `subctl.check_usage(customer => 'ann', kind => 'image', quantity => 1000)`,
  `subctl.record_usage_many('[{"customer": "ann", "kind": "llm", "model": "gpt-5", "input_tokens": 5, "key": "m"}, {"customer": "ann", "kind": "what"}]')`,
  `subctl.record_usage_many_json('[{"customer": "ann", "kind": "llm", "model": "gpt-5", "input_tokens": 5, "key": "n"}, {"customer": "ann", "kind": "what"}]')`,
  `subctl.preflight_usage('ann', '[{"kind": "llm", "quantity": 2}, {"kind": "image"}]')`,
  `subctl.record_usage(customer => 'ann', kind => 'image', quantity => 900, already_spent => true)`,
  `subctl.explain_use(customer => 'ann', kind => 'image', as_of => now(), quantity => 1000)`,
  `subctl.explain_event('ann', (select id from subctl.usage_events where customer_id = 'ann' and kind = 'image' limit 1), now())`,
  `subctl.feature('ann', 'sso')`,
  `f from subctl.features('ann') f`,
  `(select s.plan from subctl.suggest_plan('ann', now()) s)`,
  `subctl_internal.create_customer('new', now())`,
];

const words = `customers add bea
assign bea pro
usage record bea --kind image --quantity 2
usage check bea --kind llm --model gpt-5 --input-tokens 5
usage show bea
credits add bea 5 --reason x --expires never
credits deduct bea 1 --reason x
credits show bea
assign bea free
subscriptions show bea
invoices list
usage-report summary
doctor --deep`;

beforeAll(async () => {
  const file = path.join(temporaryFolder('subctl-planted-'), 'cat.yaml');
  fs.writeFileSync(file, catalogue);
  for (const line of [
    `plans load ${file} --yes`,
    'customers add ann',
    'customers add zoe',
    'assign ann pro',
    'assign zoe pro',
  ]) {
    const { code, stderr } = await command([...line.split(' '), '--verbose'], { env });
    expect([code, stderr]).toEqual([0, expect.anything()]);
  }
});

describe('H2: what others create in public is never called', () => {
  it('every function in PL/pgSQL, and every SQL function that applications call, has its path', async () => {
    const rows = await sql<{ name: string }[]>`
      select p.proname as name from pg_proc p join pg_language l on l.oid = p.prolang
       where p.pronamespace in ('subctl'::regnamespace, 'subctl_internal'::regnamespace)
         and (l.lanname = 'plpgsql' or p.proname = any (${entries}::text[]))
         and not coalesce(${ownPath} = any (p.proconfig), false)`;
    expect(rows).toEqual([]);
  });

  it('the entry functions are those that the docs show and that applications are given by library and HTTP', async () => {
    const pages = ['README.md', ...fs.readdirSync(path.join(root, 'docs')).map((name) => `docs/${name}`)];
    const callers = [
      'usage/use',
      'usage/reserve',
      'usage/preflight',
      'usage/record-many',
      'library/record-many',
    ];
    const files = [
      ...pages.filter((name) => name.endsWith('.md')),
      ...callers.map((name) => `src/${name}.ts`),
    ];
    const texts = files.map((name) => fs.readFileSync(path.join(root, name), 'utf8'));
    const called = new Set(
      texts.flatMap((text) => [...text.matchAll(/subctl\.([a-z_]+)\(/g)].map(([, name]) => name!)),
    );
    const rows = await sql<{ name: string }[]>`
      select proname as name from pg_proc
       where pronamespace = 'subctl'::regnamespace and proname = any (${[...called]}::text[]) and not coalesce(${ownPath} = any (proconfig), false)`;
    expect(rows).toEqual([]);
    expect([...called]).toEqual(
      expect.arrayContaining([...entries, 'settle_usage', 'preflight_usage', 'suggest_plan']),
    );
  });

  it('with an exact match planted for each function and operator, no entry function calls one', async () => {
    expect(await plant(sql)).toBeGreaterThan(10_000);
    const application = withoutOwnSession(sql);
    const rounds = [
      ['ann', '"$user", public'],
      ['zoe', 'public, pg_catalog, subctl'],
    ] as const;
    for (const [customer, searchPath] of rounds) {
      await application.begin(async (tx) => {
        for (const question of questions) {
          // with public first, the planted would be found by the question itself
          if (customer === 'zoe' && /now\(\)|select/.test(question)) continue;
          const text = `select ${question.replaceAll("'ann'", `'${customer}'`)}`;
          await tx.unsafe(`set local search_path = ${searchPath}`);
          await expect(
            tx.savepoint((inner) => inner.unsafe(text)),
            text,
          ).resolves.toHaveLength(1);
        }
      });
    }
  });

  it('and no command, no call of the library', async () => {
    for (const line of words.split('\n')) {
      const { code, stderr } = await command([...line.split(' '), '--verbose'], { env });
      expect([line, code, stderr]).toEqual([line, /check|doctor/.test(line) ? 4 : 0, expect.anything()]);
    }
    const client = subctl({ url });
    try {
      expect(await client.record({ customer: 'bea', kind: 'image' })).toMatchObject({ allowed: true });
      expect(await client.usage('bea')).toMatchObject({ customer: 'bea' });
      expect(await client.has('ann', 'sso')).toBe(true);
      const inside = withoutOwnSession(sql);
      const plan = await inside.begin(async (tx) => {
        await tx`set local search_path = public, pg_catalog`;
        const answer = await client.plan('ann', { sql: tx as never });
        return [answer.plan, await tx`show search_path`];
      });
      expect(plan).toEqual(['pro', [{ search_path: 'public, pg_catalog' }]]);
    } finally {
      await client.close();
    }
  });
});
