import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { explainEvent } from '../../src/usage/explain.ts';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';

const { sql, env } = await testDatabase();
const folder = temporaryFolder('subctl-explain-');
afterAll(() => removeFolder(folder));

const catalogue = `
currency: USD
default_plan: free
credit_costs: {image: "2"}
plans:
  free: {name: Free, rank: 0, prices: {month: "0"}, limits: {messages: {month: 100}}}
  pro: {name: Pro, rank: 1, prices: {month: "30.00"}, credits: {period: 20}, limits: {messages: {month: 500, rolling_1h: 50}}}
`;

/** Types a line as a user would; the exit code must be 0 or 7 (a price that is not known). */
async function typed(line: string): Promise<string> {
  const done = await subctl(line.split(' '), { env, cwd: folder });
  expect([0, 7], `${line}: ${done.stderr}`).toContain(done.code);
  return done.stdout;
}
const recorded = async (line: string) =>
  (JSON.parse(await typed(`usage record ${line} --json`)) as { event_id: string }).event_id;
const explained = (customer: string, event: string, now = '2026-06-01T00:00:00Z') =>
  explainEvent(sql, { customer, event, now: new Date(now) });

const prices = (input: string, from: string) =>
  `provider,model,kind,unit,price_usd,per,effective_from,source\nacme,m-1,input_tokens,token,${input},1000000,${from},list\nacme,m-1,output_tokens,token,4.00,1000000,${from},list\n`;

beforeAll(async () => {
  writeFileSync(path.join(folder, 'catalogue.yaml'), catalogue);
  writeFileSync(path.join(folder, 'prices.csv'), prices('2.50', '2025-01-01'));
  writeFileSync(path.join(folder, 'later.csv'), prices('9.00', '2026-02-01'));
  await typed('plans load catalogue.yaml --as-of 2025-12-01');
  await typed('pricing import prices.csv --source list --as-of 2025-12-01');
});

test('an event of a closed month is explained as it was decided, whatever was closed, edited, renamed, ended or priced since', async () => {
  await typed('customers add ann --timezone Europe/Berlin --as-of 2026-01-10T09:30:00Z');
  await typed('assign ann free --as-of 2026-01-10T09:30:00Z');
  await typed(
    'limits set ann messages month 40 --until 2026-02-01 --reason careful --actor carl --as-of 2026-01-11',
  );
  await recorded('ann --kind llm --quantity 7 --as-of 2026-01-12T10:00:00Z');
  const event = await recorded(
    'ann --kind llm --quantity 3 --provider acme --model m-1 --input-tokens 1000 --output-tokens 500 --key k-1 --as-of 2026-01-12T11:00:00Z',
  );
  const then = await explained('ann', event);
  expect(then).toMatchObject({
    standing: { plan: 'free', version: 1, segment: { cause: 'new', changed_at: null } },
    cost: {
      ...{ cost: '0.0045', currency: 'USD', basis: 'prices', rule: 'R25', cost_today: null },
      lines: [
        { component: 'input_tokens', quantity: '1000', amount: '2.5', per: '1000000', cost: '0.0025' },
        { component: 'output_tokens', quantity: '500', amount: '4', per: '1000000', cost: '0.002' },
      ],
    },
    key: 'k-1',
  });
  expect(then.cost.prices).toMatchObject([
    { model: 'm-1', component: 'input_tokens', source: 'list', revision: 1 },
    { component: 'output_tokens' },
  ]);
  expect(then.limits.find(({ meter, window }) => meter === 'messages' && window === 'month')).toMatchObject({
    ...{ sum: '7 + 3 = 10 ≤ 40', rule: 'R10', source: 'override', timezone: 'Europe/Berlin' },
    ...{
      window_start: '2026-01-10T09:30:00.000Z',
      resets_at: '2026-01-31T23:00:00.000Z',
      now: { closed_at: null },
    },
    override: { plan_limit: '100', reason: 'careful', actor: 'carl' },
  });

  await typed('pricing import later.csv --source list --as-of 2026-02-01');
  await typed('plans edit free --limit messages/month=99 --as-of 2026-02-02');
  await typed('reset-monthly-usage --as-of 2026-02-03');
  await typed('assign ann pro --as-of 2026-02-10T00:00:00Z');
  const late = await recorded(
    'ann --kind llm --quantity 50 --already-spent --at 2026-01-13 --as-of 2026-02-11T00:00:00Z',
  );
  const after = await explained('ann', event);
  const decided = ({ limits, cost, tokens, credits }: typeof then) => ({
    ...{ cost, tokens, credits },
    limits: limits.map(({ meter, window, sum, rule, limit, source, override }) => ({
      meter,
      window,
      sum,
      rule,
      limit,
      source,
      override,
    })),
  });
  expect(decided(after)).toEqual(decided(then));
  expect(after.standing).toMatchObject({
    ...{ plan: 'free', version: 1, current_version: 2 },
    segment: { changed_at: '2026-02-10T00:00:00.000Z', changed_by: 'upgrade' },
  });
  const closed = after.limits.find(({ meter, window }) => meter === 'messages' && window === 'month');
  expect(closed?.now).toMatchObject({ used: '60', adjusted: '50', limit: '40' });
  expect(closed?.now?.closed_at).not.toBeNull();

  const told = await explained('ann', late);
  expect(told).toMatchObject({ already_spent: true, overage: true, standing: { plan: 'free', version: 1 } });
  expect(told.limits.find(({ window }) => window === 'month')).toMatchObject({
    ...{ sum: '10 + 50 = 60 > 40', rule: 'R12', late: true },
  });
});

test('R21 R30: of an upgraded customer each event keeps its plan; what was paid in credits names the grants in their order', async () => {
  await typed('customers add bob --as-of 2026-01-10T00:00:00Z');
  await typed('assign bob free --as-of 2026-01-10T00:00:00Z');
  const before = await recorded('bob --kind llm --quantity 90 --as-of 2026-01-20T00:00:00Z');
  await typed('assign bob pro --as-of 2026-01-20T00:00:01Z');
  await typed(
    'credits add bob 3 --priority 10 --source promotional --reason welcome --as-of 2026-01-20T00:00:02Z',
  );
  const after = await recorded('bob --kind llm --quantity 20 --as-of 2026-01-20T00:10:00Z');
  const image = await recorded('bob --kind image --quantity 4 --as-of 2026-01-20T00:20:00Z');

  const old = await explained('bob', before);
  expect([old.standing.plan, old.limits.find(({ window }) => window === 'month')?.sum]).toEqual([
    'free',
    '0 + 90 = 90 ≤ 99',
  ]);
  const next = await explained('bob', after);
  expect(next.standing).toMatchObject({
    ...{ plan: 'pro', usage_from: '2026-01-20T00:00:01.000Z' },
    reset: { at: '2026-01-20T00:00:01.000Z', cause: 'upgrade' },
    segment: { cause: 'upgrade' },
  });
  expect(
    next.limits
      .filter(({ limit }) => limit !== null)
      .map(({ window, sum, reset }) => [window, sum, reset?.cause]),
  ).toEqual([
    ['month', '0 + 20 = 20 ≤ 500', 'upgrade'],
    ['rolling_1h', '0 + 20 = 20 ≤ 50', 'upgrade'],
  ]);
  const paid = await explained('bob', image);
  expect(paid.credits).toMatchObject({
    ...{ used: '8', each: '2', quantity: '4', rule: 'R21', balance: '15' },
    grants: [
      { source: 'promotional', priority: 10, amount: '3', balance_after: '20' },
      { source: 'plan', priority: 20, amount: '5', balance_after: '15' },
    ],
  });
});

test('usage explain prints both as pages of eighty columns, and as one record; a refusal is an answer', async () => {
  await typed('customers add cy --timezone Asia/Tokyo --as-of 2026-03-01');
  await typed('assign cy free --as-of 2026-03-01');
  const event = await recorded(
    'cy --kind llm --quantity 95 --provider acme --model m-1 --input-tokens 1200000 --session s-1 --as-of 2026-03-02',
  );
  const pages = [
    await typed(`usage explain cy ${event} --all --as-of 2026-03-03`),
    await typed('usage explain cy messages --quantity 6 --as-of 2026-03-03'),
  ];
  for (const page of pages)
    for (const line of page.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  expect(pages[0]).toContain('1,200,000 × 9/1M = 10.8 USD (R25)');
  expect(pages[1]).toContain('messages per month: 95 + 6 = 101 > 99, refused by R10');
  expect(pages[1]).toContain('subctl assign cy pro');
  const record = JSON.parse(
    await typed('usage explain cy messages --quantity 6 --as-of 2026-03-03 --json'),
  ) as object;
  expect(record).toMatchObject({
    ...{ explains: 'use', allowed: false, rule: 'R10', works_again_at: '2026-03-31T15:00:00.000Z' },
    suggestion: { plan: 'pro', price: '30.00', currency: 'USD', every: '1mo' },
  });
});
