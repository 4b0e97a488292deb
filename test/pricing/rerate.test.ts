import { beforeAll, expect, test } from 'vitest';
import type { ChangeRequest } from '../../src/database/change.ts';
import { listUnpriced } from '../../src/pricing/list-unpriced.ts';
import { type RerateRequest, previewRerate, rerateUsage } from '../../src/pricing/rerate.ts';
import { setPrice } from '../../src/pricing/set-price.ts';
import { failedChecks } from '../integrity/failed-checks.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';
import { customer, everything, lay, plan, record, subscribe } from '../usage/world.ts';

const { sql } = await testDatabase();
const later = '2026-04-02T00:00:00Z';
const change: ChangeRequest = { now: new Date(later), actor: 'tester', action: 'pricing rerate' };
const rerate = (request: Partial<RerateRequest> = {}) =>
  rerateUsage(sql, change, { priced: false, ...request });
const price = (model: string, amount: string, at = '2026-01-01T00:00:00Z') =>
  asTester(
    sql,
    (tx, open) =>
      setPrice(tx, open, {
        ...{ provider: 'p', model, component: 'input_tokens', amount, per: '1000', tiers: [] },
        ...{ unit: 'token', effectiveFrom: new Date(at), source: 'manual' },
      }),
    new Date(later),
  );
const use = (who: string, as_of: string, more: object = {}) =>
  record(sql, { customer: who, provider: 'p', model: 'm', input_tokens: 1000, as_of, ...more });
const costs = async (who: string) =>
  (
    await sql`select trim_scale(cost)::text as cost from subctl.usage_events where customer_id = ${who} order by at, cost desc`
  ).map(({ cost }) => cost as string | null);

beforeAll(async () => {
  await sql`insert into subctl.changes (id, at, actor, action) values ('test', ${later}, 'tester', 'test')`;
  await lay(sql);
  await plan(sql, 'basic', {
    limits: { cost_usd: { month: [5, 'soft'], lifetime: [100, 'soft'], rolling_24h: [3, 'soft'] } },
  });
  for (const who of ['ada', 'bob']) {
    await customer(sql, who, { at: '2026-01-01T00:00:00Z' });
    await subscribe(sql, who, 'basic', { at: '2026-01-01T00:00:00Z' });
  }
});

test('K8 R26: unpriced uses wait by name; a price that comes in rates them for their own time, in closed windows by an adjustment', async () => {
  await use('ada', '2026-03-10T12:00:00Z');
  await sql`select subctl_internal.close_windows('2026-04-01T00:00:00Z'::timestamptz, array['ada'], 'test')`;
  await use('ada', '2026-04-01T12:00:00Z', { input_tokens: 2000 });
  await use('ada', '2026-04-01T13:00:00Z', { cost: '0.7' });
  expect(await listUnpriced(sql, {})).toMatchObject([
    { provider: 'p', model: 'm', events: 2, customers: 1, input_tokens: '3000', priceable: 0 },
  ]);
  expect(await rerate()).toMatchObject({ events: 0 });

  await price('m', '0.5');
  expect(await listUnpriced(sql, {})).toMatchObject([{ priceable: 2 }]);
  const before = await everything(sql);
  expect(await previewRerate(sql, { priced: false })).toEqual({
    ...{ events: 2, customers: 1, before: '0', after: '1.5' },
    lines: [{ provider: 'p', model: 'm', events: 2, before: '0', after: '1.5' }],
  });
  expect(await everything(sql)).toBe(before);

  expect(await rerate()).toMatchObject({ events: 2, customers: 1, before: '0', after: '1.5' });
  expect(await costs('ada')).toEqual(['0.5', '1', '0.7']);
  const month =
    await sql`select trim_scale(amount)::text as amount, reason from subctl.usage_adjustments where customer_id = 'ada' and "window" = 'month'`;
  expect(month).toEqual([{ amount: '0.5', reason: 'rerated' }]);
  const open =
    await sql`select win, trim_scale(used)::text as used from subctl.usage_limits('ada', '2026-04-01T14:00:00Z') where meter_id = 'cost_usd' order by 1`;
  expect(open).toEqual([
    { win: 'lifetime', used: '2.2' },
    { win: 'month', used: '1.7' },
    { win: 'rolling_24h', used: '1.7' },
  ]);
  expect(await failedChecks(sql, new Date(later))).toEqual([]);
});

test('a second time changes nothing, and every event is audited with what it cost before', async () => {
  const before = await everything(sql);
  expect(await rerate()).toMatchObject({ events: 0, customers: 0, lines: [] });
  expect(await everything(sql)).toBe(before);
  const audit =
    await sql`select a.before, a.after from subctl.audit_log a where a.customer_id = 'ada' and a.entity = 'usage_event' order by a.id`;
  expect(audit).toMatchObject([
    { before: { cost: null, unpriced: true }, after: { cost: '0.5', unpriced: false } },
    { after: { cost: '1' } },
  ]);
});

test('K8: --all also rates what the list prices otherwise by now; a cost that came with the use stays, and so does what was taken back', async () => {
  const back = await use('bob', '2026-04-01T12:00:00Z');
  await use('bob', '2026-04-01T12:30:00Z', { cost: '9' });
  await use('bob', '2026-04-01T13:00:00Z');
  await sql`select subctl.reverse_usage('bob', ${back.event_id}, '2026-04-01T14:00:00Z', 'mistake', 'test')`;
  await price('m', '0.25');
  expect(await rerate()).toMatchObject({ events: 0 });
  expect(await rerate({ priced: true, customer: 'bob' })).toMatchObject({
    events: 1,
    before: '0.5',
    after: '0.25',
  });
  expect(await costs('bob')).toEqual(['0.5', '-0.5', '9', '0.25']);
  expect(await failedChecks(sql, new Date(later))).toEqual([]);
});

test('R25: the most specific name of a model wins, and `default` comes last', async () => {
  await price('gpt-*', '2');
  await price('gpt-4o*', '3');
  await price('gpt-4o-mini', '4');
  await price('default', '9');
  const cost = async (model: string) =>
    (
      await sql`select trim_scale(u.cost)::text as cost from subctl_internal.price_usage('p', ${model}, ${later}, 1, 'llm', 1000, null, null, null) u`
    )[0]!['cost'] as string;
  expect(
    await Promise.all(['gpt-5', 'GPT-4o-2024', 'gpt-4o-mini', 'gpt-4o-mini-x', 'other'].map(cost)),
  ).toEqual(['2', '3', '4', '3', '9']);
});
