import { describe, expect, test } from 'vitest';
import { createPlan } from '../../src/catalog/create-plan.ts';
import { editPlan } from '../../src/catalog/edit-plan.ts';
import { addMeter } from '../../src/catalog/add-meter.ts';
import { readPlanEdit } from '../../src/catalog/read-plan-edit.ts';
import { setCreditCost } from '../../src/catalog/set-credit-cost.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';

const { sql } = await testDatabase();
const edit = readPlanEdit({
  limit: [
    'messages/day=20',
    'messages/period=unlimited',
    'tokens/month=0',
    'cost_usd/period=5',
    'calls.gemini/rolling_3h=9:soft',
    'file_bytes/each=100',
    'images/month/member=3',
  ],
});
await asTester(sql, (tx, change) => createPlan(tx, change, { id: 'p', edit }));

/** The rules of a kind, one object a meter and window. */
async function rulesOf(kind: string) {
  return sql<Record<string, unknown>[]>`
    select r.* from subctl.plan_rules p
     cross join lateral rows from (unnest(p.meter_ids), unnest(p.wins), unnest(p.win_kinds), unnest(p.win_ns), unnest(p.scopes), unnest(p.lims),
                unnest(p.modes), unnest(p.fields), unnest(p.providers), unnest(p.tiers)) as r (meter, win, win_kind, n, scope, lim, mode, field, provider, tier)
     where p.plan_id = 'p' and p.version = 1 and p.kind = ${kind}`;
}
const words = async (kind: string) =>
  (await rulesOf(kind)).map((rule) => `${String(rule.meter)}/${String(rule.win)}=${String(rule.lim)}`);

describe('rules of a kind', () => {
  test('R11 null stays null, 0 stays 0, an absent meter is counted per period without a limit', async () => {
    expect(await words('llm')).toEqual([
      'calls.gemini/rolling_3h=9',
      'cost_usd/period=5',
      'messages/day=20',
      'messages/period=null',
      'tokens/month=0',
    ]);
    expect(await words('image')).toContain('images/period=null');
  });

  test('an alias has the rules of its kind', async () => {
    expect(await words('chat')).toEqual(await words('llm'));
    const [row] = await sql`select canonical from subctl.plan_rules where plan_id = 'p' and kind = 'chat'`;
    expect(row).toEqual({ canonical: 'llm' });
  });

  test('W5 the field, provider and tier of each meter are there', async () => {
    const rules = Object.fromEntries((await rulesOf('llm')).map((rule) => [rule.meter as string, rule]));
    expect(rules['calls.gemini']).toMatchObject({
      field: 'quantity',
      provider: '|gemini|',
      tier: null,
      mode: 'soft',
      win_kind: 'rolling_hour',
      n: 3,
    });
    expect(rules['tokens']).toMatchObject({
      field: 'tokens',
      provider: null,
      tier: 'paid',
      win_kind: 'month',
    });
    expect(rules['cost_usd']).toMatchObject({ field: 'cost', win_kind: 'period', n: 0 });
  });

  test('a meter with a limit per event or per member only is counted for the customer too', async () => {
    expect(await words('file')).toEqual(
      expect.arrayContaining(['file_bytes/each=100', 'file_bytes/period=null']),
    );
    const images = (await rulesOf('image')).filter(({ meter }) => meter === 'images');
    expect(images.map(({ scope, lim }) => [scope, lim])).toEqual([
      ['member', '3'],
      ['customer', null],
    ]);
  });

  test("a meter's own id counts its quantity, and the cost", async () => {
    expect(await words('tokens')).toEqual(['cost_usd/period=5', 'tokens/month=0']);
    expect((await rulesOf('tokens')).map(({ field }) => field)).toEqual(['cost', 'quantity']);
    expect((await rulesOf('calls.gemini')).map(({ provider }) => provider)).toEqual([null, null]);
  });
});

test('R5 a week may start on any day', async () => {
  const edit = readPlanEdit({ limit: ['messages/week_sunday=3'] });
  await asTester(sql, (tx, change) => createPlan(tx, change, { id: 'sunday', edit }));
  const [rule] = await sql`
    select r.* from subctl.plan_rules p
     cross join lateral rows from (unnest(p.wins), unnest(p.win_kinds), unnest(p.win_ns)) as r (win, kind, n)
     where p.plan_id = 'sunday' and p.kind = 'messages' and r.kind = 'week'`;
  expect(rule).toEqual({ win: 'week_sunday', kind: 'week', n: 7 });
});

describe('ids of windows', () => {
  test('stay the same when the plan changes, and are the same in every plan', async () => {
    const ids = () => sql`select id, meter_id, "window", scope from subctl.meter_windows order by id`;
    const before = await ids();
    const other = readPlanEdit({ limit: ['messages/day=99', 'messages/week=5'] });
    await asTester(sql, (tx, change) => createPlan(tx, change, { id: 'q', edit: other }));
    const after = await ids();
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.filter(({ meter_id, window }) => meter_id === 'messages' && window === 'day')).toHaveLength(
      1,
    );
  });
});

describe('what changes the rules', () => {
  test('a new meter is in the rules of every version at once', async () => {
    await asTester(sql, (tx, change) =>
      addMeter(tx, change, { id: 'answers', kinds: ['chat'], aggregation: 'count' }),
    );
    expect((await rulesOf('llm')).find(({ meter }) => meter === 'answers')).toMatchObject({
      field: 'count',
      lim: null,
    });
    await expect(
      asTester(sql, (tx, change) => addMeter(tx, change, { id: 'answers' })),
    ).rejects.toMatchObject({ kind: 'conflict' });
  });

  test('C6 a credit cost of a plan comes before the one of all plans', async () => {
    const set = (kind: string, amount: string | null, plan: string | null = null) =>
      asTester(sql, (tx, change) =>
        setCreditCost(tx, change, { kind, amount, plan, newKind: kind === 'lora' }),
      );
    const cost = async (plan: string) => {
      const [row] =
        await sql`select credit_cost from subctl.plan_rules where plan_id = ${plan} and version = 1 and kind = 'images'`;
      return row!.credit_cost as string | null;
    };
    await set('images', '1');
    await set('image', '0.5', 'p');
    expect([await cost('p'), await cost('q')]).toEqual(['0.5', '1']);
    await set('image', null, 'p');
    expect(await cost('p')).toBe('1');
    expect(await set('lora', '40')).toMatchObject({ isNewKind: true, kind: 'lora' });
    await expect(set('lorra', '40')).rejects.toMatchObject({ kind: 'not_found' });
    await expect(set('image', '0')).rejects.toMatchObject({ kind: 'usage' });
    await expect(set('image', '1', 'nobody')).rejects.toMatchObject({ kind: 'not_found' });
  });

  test('the default interval is the shortest that can be paid', async () => {
    const every = async () =>
      (await sql`select subctl_internal.default_interval('p', 1) as every`)[0]!.every as string;
    expect(await every()).toBe('1mo');
    await asTester(sql, (tx, change) =>
      editPlan(tx, change, { id: 'p', edit: readPlanEdit({ price: ['1y=100', '2w=complimentary'] }) }),
    );
    expect(await every()).toBe('1y');
    await asTester(sql, (tx, change) =>
      editPlan(tx, change, { id: 'p', edit: readPlanEdit({ price: ['30d=9'] }) }),
    );
    expect(await every()).toBe('30d');
  });
});
