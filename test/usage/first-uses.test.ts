import fc from 'fast-check';
import { beforeAll, expect, it, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { alone, rowsOf, sortedJson, type Told } from './side-by-side.ts';
import { type Answer, customer, lay, plan, subscribe, type Use } from './world.ts';

const { sql } = await testDatabase();
const minute = 60_000;
const hour = 60 * minute;
const now = Date.parse('2026-03-10T12:00:00Z');
const iso = (ms: number) => new Date(ms).toISOString();
let count = 0;

beforeAll(async () => {
  await lay(sql, undefined, { voice: '1' });
  for (const component of ['input_tokens', 'output_tokens'])
    await sql`
      insert into subctl.prices (provider, model, component, effective_from, unit, amount, per, source, recorded_at)
      values ('openai', 'small', ${component}, '2020-01-01', 'token', '0.6', 1000000, 'test', '2026-01-01')`;
  await sql`select subctl_internal.compile_prices()`;
  await plan(sql, 'free', {
    limits: {
      messages: { rolling_1h: 8, rolling_12h: 20, day: 12, week: 40 },
      tokens: { term: 60_000, rolling_3h: 9_000, month: null },
      files: { month: 10, session: 3 },
      images: { every_7d: [5, 'soft'], day: 0 },
    },
    credits: '9',
    isDefault: true,
  });
  await plan(sql, 'pro', { limits: { messages: { day: 99 } } });
});

const chat = { kind: 'llm', provider: 'openai', model: 'small', input_tokens: 20, output_tokens: 3 };
const send = async (uses: object[], as_of = now) => {
  const [row] =
    await sql`select subctl.record_usage_many_json(${sql.json(uses as never)}, ${iso(as_of)}) as a`;
  return row!['a'] as Told[];
};
const isMarked = ({ limits }: Answer) => limits?.some((limit) => 'marked' in limit) ?? false;

/** What keeps a customer's first use from being like another's. */
const traits: Record<string, (who: string) => Promise<unknown>> = {
  'a subscription': (who) => subscribe(sql, who, 'pro', { at: '2026-03-01T00:00:00Z' }),
  "a subscription by an application's own SQL": async (who) => {
    if (!(await sql`select from subctl.customers where id = 'model'`).length) {
      await someone('model', 'UTC', false);
      await subscribe(sql, 'model', 'pro', { at: '2026-03-01T00:00:00Z' });
    }
    await sql`
      insert into subctl.subscriptions
      select (jsonb_populate_record(s, jsonb_build_object('customer_id', ${who}::text))).* from subctl.subscriptions s where s.customer_id = 'model'`;
  },
  'a limit of its own': (who) => sql`
    with o as (insert into subctl.limit_overrides (customer_id, meter_id, "window", scope, limit_value, starts_at, reason, actor)
      values (${who}, 'messages', 'day', 'customer', 3, '2026-03-01', 'test', 'test'))
    update subctl.customers set has_overrides = true where id = ${who}`,
  'another zone before': (who) =>
    sql`insert into subctl.customer_zones values (${who}, '-infinity', 'Europe/Berlin'), (${who}, '2026-03-10T11:00:00Z', 'Asia/Tokyo')`,
  'a reservation': (who) =>
    sql`select subctl.reserve_usage(customer => ${who}, kind => 'file', as_of => ${iso(now - minute)})`,
  'a use before': (who) => alone(sql, { customer: who, kind: 'image', as_of: iso(now - 40 * 24 * hour) }),
  disabled: (who) => sql`update subctl.customers set disabled_at = ${iso(now - hour)} where id = ${who}`,
};

/** A customer as an import makes it, with no usage rows; or as create_customer does. */
async function someone(name = `f${++count}`, zone: string | null = 'Europe/Berlin', bare = true) {
  if (!bare) return customer(sql, name, { zone });
  await sql`insert into subctl.customers (id, timezone, created_at) values (${name}, ${zone}, '2020-01-01')`;
  return name;
}

test('a first use in a batch has the rules that the first use of another customer came to', async () => {
  const first = await someone();
  await alone(sql, { customer: first, ...chat, as_of: iso(now) });
  await sql`update subctl.first_use_rules set heads = array(select replace(h, '"scope"', '"marked": true, "scope"') from unnest(heads) h)`;
  const fresh = [await someone(), await someone(), await someone()];
  for (const told of await send(fresh.map((who) => ({ customer: who, ...chat }))))
    expect([told.allowed, isMarked(told)]).toEqual([true, true]);
});

test('a single first use has them, too, and says and writes what it would without', async () => {
  const [with_, without] = [`one${++count}`, `two${count}`];
  const uses = async (who: string) => {
    await someone(who);
    const told: Told[] = [];
    for (const key of ['a', 'a', 'b'])
      told.push(await alone(sql, { customer: who, ...chat, key, as_of: iso(now) } as Use));
    return told;
  };
  const marked = await uses(with_);
  expect(marked.map(isMarked)).toEqual([true, false, true]);
  await sql`create table public.aside as select * from subctl.first_use_rules`;
  await sql`delete from subctl.first_use_rules`;
  const plain = await uses(without);
  const text = (told: Told[]) =>
    told.map((each) =>
      JSON.stringify(sortedJson({ ...each, event_id: null }))
        .replace(/(one|two)\d+/, 'who')
        .replaceAll('"marked":true,', ''),
    );
  expect(text(marked)).toEqual(text(plain));
  expect(await rowsOf(sql, with_)).toEqual(await rowsOf(sql, without));
  await sql`delete from subctl.first_use_rules`;
  await sql`insert into subctl.first_use_rules select * from public.aside`;
});

it.each(Object.keys(traits))('but not with %s', async (trait) => {
  const fresh = [await someone(), await someone(), await someone(), await someone()];
  await traits[trait]!(fresh[0]!);
  const told = await send(fresh.map((who) => ({ customer: who, ...chat })));
  expect(told.map(isMarked)).toEqual([false, true, true, true]);
});

it.each([null, 'Asia/Tokyo'])('nor in another zone: %s', async (zone) => {
  const fresh = [await someone(`z${++count}`, zone), await someone(), await someone()];
  const told = await send(fresh.map((who) => ({ customer: who, ...chat })));
  expect(told.map(isMarked)).toEqual([false, true, true]);
});

it('and not after a change of the catalog', async () => {
  await sql`select subctl_internal.compile_all()`;
  const fresh = [await someone(), await someone(), await someone()];
  const told = await send(fresh.map((who) => ({ customer: who, ...chat })));
  expect(told.map(isMarked)).toEqual([false, false, false]);
  await sql`delete from subctl.first_use_rules`;
});

test('R39: the rules of another stop at the lowest threshold', async () => {
  await alone(sql, { customer: await someone(), kind: 'file', as_of: iso(now) } as Use);
  const fresh = [await someone(), await someone(), await someone()];
  const told = await send(fresh.map((who) => ({ customer: who, kind: 'file', quantity: 8 })));
  const alert = { meter: 'files', window: 'month', threshold: '80' };
  expect(told.map(({ alerts }) => alerts)).toEqual([[alert], [alert], [alert]]);
});

const use = fc.record({
  who: fc.nat(24),
  kind: fc.constantFrom('llm', 'llm', 'llm', 'message', 'file', 'file', 'image', 'voice'),
  quantity: fc.constantFrom<string | number>(1, 1, 1, 2, '0.5', 9, 0),
  more: fc.constantFrom<object>(
    {},
    {},
    { input_tokens: 30 },
    { input_tokens: 30 },
    { provider: 'openai', model: 'small', input_tokens: 500, output_tokens: 9 },
    { provider: 'openai', model: 'small', input_tokens: 500 },
    { session: 's' },
    { status: 'error' },
    { partial: true },
    { already_spent: true },
  ),
  ago: fc.constantFrom(undefined, undefined, undefined, 0, minute, 50 * minute, 2 * hour, 23 * hour),
  key: fc.constantFrom(undefined, undefined, 'a', 'b'),
});

test('R7 R8 R15 R39: first uses of many say and write in a batch what they would one after another', async () => {
  let adopted = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(use, { minLength: 3, maxLength: 60, size: 'max' }), { minLength: 1, maxLength: 2 }),
      fc.constantFrom(
        '2026-03-10T12:00:00Z',
        '2026-03-31T22:00:01Z',
        '2026-03-29T00:30:00Z',
        '2026-04-06T00:00:00Z',
      ),
      fc.array(fc.option(fc.constantFrom(...Object.keys(traits)), { nil: undefined, freq: 1 }), {
        minLength: 25,
        maxLength: 25,
      }),
      async (sent, at, of) => {
        const run = ++count;
        const name = (side: string, who: number) => `${side}${run}-${who}`;
        for (const side of ['x', 'y'])
          for (const [who, trait] of of.entries()) {
            await someone(
              name(side, who),
              [undefined, undefined, undefined, 'Asia/Tokyo', null][who % 5],
              who % 2 === 0,
            );
            if (trait && who % 3 === 0) await traits[trait]!(name(side, who));
          }
        for (const [turn, uses] of sent.entries()) {
          const as_of = Date.parse(at) + turn * 30 * minute;
          const asked = (side: string) =>
            uses.map(({ who, kind, quantity, more, ago, key }) => ({
              ...{ customer: name(side, who), kind, quantity, ...more, ...(key && { key }) },
              ...(ago !== undefined && { at: iso(as_of - ago) }),
            }));
          await sql`delete from subctl.first_use_rules where ${run % 2 === 0}`;
          const single: Told[] = [];
          for (const each of asked('x')) single.push(await alone(sql, { ...each, as_of: iso(as_of) } as Use));
          await sql`delete from subctl.first_use_rules where ${run % 3 === 0}`;
          const batch = await send(asked('y'), as_of);
          const shown = (told: Told[]) =>
            told.map((each) =>
              each.allowed === null
                ? `${each.error!.code} ${each.error!.message}`.replace(/[xy]\d+-/, 'who-')
                : JSON.stringify(sortedJson({ ...each, event_id: null })).replaceAll(/[xy]\d+-/g, 'who-'),
            );
          expect(shown(batch)).toEqual(shown(single));
        }
        for (const who of of.keys())
          expect(await rowsOf(sql, name('y', who)), `who ${who}`).toEqual(await rowsOf(sql, name('x', who)));
        const [{ n }] = await sql<[{ n: number }]>`
          select count(*)::int as n from (
            select customer_id from subctl.customer_rules r join subctl.first_use_rules f using (kind, windows)
            union all select customer_id from subctl.customer_priced_rules r join subctl.first_use_rules f using (kind, windows)) r
           where r.customer_id like ${`y${run}-%`}`;
        adopted += n;
      },
    ),
    { numRuns: process.env['SUBCTL_LONG'] ? 150 : 12 },
  );
  expect(adopted).toBeGreaterThan(20);
});

test('a change of the catalog opens no windows of the catalog before', async () => {
  const files = async (...who: string[]) => send(who.map((each) => ({ customer: each, kind: 'file' })));
  await files(await someone(), await someone(), await someone());
  await sql`delete from subctl.plan_limits where meter_id = 'files'`;
  await sql`select subctl_internal.compile_all()`;
  const single = await someone();
  await sql`create table public.before as select * from subctl.first_use_rules`;
  await sql`delete from subctl.first_use_rules`;
  await alone(sql, { customer: single, kind: 'file', as_of: iso(now) } as Use);
  await sql`delete from subctl.first_use_rules`;
  await sql`insert into subctl.first_use_rules select * from public.before`;
  const fresh = [await someone(), await someone(), await someone()];
  await files(...fresh);
  for (const who of fresh)
    expect((await rowsOf(sql, who)) as object).toMatchObject({
      state: ((await rowsOf(sql, single)) as { state: unknown }).state,
    });
});
