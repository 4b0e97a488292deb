import { beforeAll, describe, expect, it, test } from 'vitest';
import { Dice } from '../simulator/dice.ts';
import { Program } from '../simulator/database-side.ts';
import { testDatabase } from '../support/database.ts';
import { nothingKept, templatesBack, withoutRules } from './side-by-side.ts';
import { type Answer, customer, lay, plan, record, subscribe } from './world.ts';

const { sql } = await testDatabase();
const program = new Program(sql);
const begin = '2026-03-01T00:00:00Z';
const now = '2026-03-10T12:00:00Z';
const later = '2026-03-10T13:00:00Z';
let made = 0;

async function price(model: string, component: string, amount: string, from = '2020-01-01', per = '1000000') {
  await sql`
    insert into subctl.prices (provider, model, component, effective_from, unit, amount, per, source, recorded_at)
    values ('openai', ${model}, ${component}, ${from}, 'token', ${amount}, ${per}, 'test', '2026-01-01')`;
}

beforeAll(async () => {
  await lay(sql, undefined, { image: '2' });
  for (const [model, amounts] of [
    ['small', ['0.15', '0.6', '0.075']],
    ['large', ['2.5', '10', null]],
    ['vectors', ['0.02', null, null]],
  ] as const)
    for (const [i, component] of ['input_tokens', 'output_tokens', 'cached_input_tokens'].entries())
      if (amounts[i]) await price(model, component, amounts[i]);
  await price('odd', 'input_tokens', '1', '2020-01-01', '3');
  await price('large', 'input_tokens', '3', '2026-03-20T12:00:00Z');
  await sql`insert into subctl.models (provider, pattern, multiplier) values ('openai', 'large', 2.5)`;
  await sql`select subctl_internal.compile_prices()`;
  await plan(sql, 'basic', {
    limits: {
      messages: { month: 400, day: 60 },
      tokens: { month: 900_000 },
      cost_usd: { period: 20 },
      images: { day: 20 },
    },
    credits: '60',
  });
  await plan(sql, 'plus', {
    limits: { messages: { month: 700 }, cost_usd: { month: [3, 'soft'] }, 'calls.text': { every_7d: 90 } },
    credits: '25',
    creditsEvery: '7d',
    rollover: '10',
  });
});

async function someone(on = 'basic'): Promise<string> {
  const who = await customer(sql, `p${++made}`);
  await subscribe(sql, who, on, { at: begin });
  return who;
}

const call = (who: string, as_of: string, more: object = {}) =>
  record(sql, {
    customer: who,
    kind: 'llm',
    provider: 'openai',
    model: 'small',
    input_tokens: 1200,
    output_tokens: 300,
    as_of,
    ...more,
  });
const image = (who: string, as_of: string, more: object = {}) =>
  record(sql, { customer: who, kind: 'image', as_of, ...more });

/** Writes a mark into all rules of the customer, which answers show as long as they are followed. */
async function mark(who: string): Promise<void> {
  for (const table of ['customer_rules', 'customer_priced_rules'])
    await sql`
      update ${sql(`subctl.${table}`)} set heads = array(select replace(h, '"scope"', '"marked": true, "scope"') from unnest(heads) h)
       where customer_id = ${who}`;
}
const isMarked = ({ limits }: Answer) => limits.some((limit) => 'marked' in limit);

describe('rules are followed', () => {
  it.each([
    ['tokens of a model', call],
    ['cached tokens', (who: string, as_of: string) => call(who, as_of, { cached_tokens: 500 })],
    ['a model alone', (who: string, as_of: string) => call(who, as_of, { provider: undefined })],
    ['a session', (who: string, as_of: string) => call(who, as_of, { session: 's1', latency_ms: 120 })],
    [
      'embeddings',
      (who: string, as_of: string) => call(who, as_of, { model: 'vectors', output_tokens: undefined }),
    ],
    ['credits', image],
    ['credits of a use with a model', (who: string, as_of: string) => image(who, as_of, { session: 's1' })],
  ] as const)('for %s', async (_, use) => {
    const who = await someone();
    const first = await use(who, now);
    await mark(who);
    const second = await use(who, later);
    expect([isMarked(first), isMarked(second), second.cost]).toEqual([false, true, first.cost]);
  });

  it('for no price by the token that is exact in another way: a third', async () => {
    const who = await someone();
    const odd = { model: 'odd', output_tokens: undefined };
    await call(who, now, odd);
    await mark(who);
    expect(isMarked(await call(who, later, odd))).toBe(false);
  });
});

describe('what a price or credits were taken from ends the rules', () => {
  const writers: Record<string, (who: string) => Promise<unknown>> = {
    'a price': async () => {
      await price('small', 'output_tokens', `0.${made}`, `2026-02-${10 + (made % 18)}`);
      await sql`select subctl_internal.compile_prices()`;
    },
    'a fallback of prices': () =>
      sql`insert into subctl.price_fallbacks (provider, position, fallback) values ('azure', ${made}, 'openai')`,
    'a grant of credits': (who) =>
      sql`select subctl_internal.grant_credits(${who}, 5, 'bonus', ${`b${made}`}, 0, ${later}, null, null, 'test')`,
    'a use that is taken back': async (who) => {
      const [use] = await sql<[{ id: string }]>`
        select id from subctl.usage_events where customer_id = ${who} and credits > 0 limit 1`;
      await sql`select subctl.reverse_usage(${who}, ${use.id}, ${later}, 'test', null)`;
    },
    "an application's own SQL on a grant": (who) =>
      sql`update subctl.credit_grants set priority = 9 where customer_id = ${who}`,
  };
  it.each(Object.keys(writers))('%s', async (name) => {
    const who = await someone();
    const uses = name.includes('price') ? call : image;
    await uses(who, now);
    await uses(who, now);
    await mark(who);
    await writers[name]!(who);
    expect(isMarked(await uses(who, later))).toBe(false);
  });

  it('a price that begins later, from its instant on', async () => {
    const who = await someone();
    const large = { model: 'large', output_tokens: undefined, input_tokens: 100_000 };
    expect((await call(who, '2026-03-20T11:59:59Z', large)).cost).toBe('0.25');
    await mark(who);
    expect((await call(who, '2026-03-20T12:00:00Z', large)).cost).toBe('0.3');
  });
});

test('R13 R23: credits that came back later are not there for a use before that', async () => {
  const who = await someone();
  const { event_id } = await image(who, '2026-03-10T10:00:00Z');
  await sql`select subctl_internal.deduct_credits(${who}, 55, '2026-03-10T11:00:00Z', 'test', 'test')`;
  await sql`select subctl.reverse_usage(${who}, ${event_id}, ${later}, 'test', null)`;
  const before = await image(who, now);
  expect([before.allowed, before.credits]).toEqual([true, { used: '2', balance: '3' }]);
  expect(await image(who, now)).toMatchObject({ allowed: false, reason: 'no_credits' });
});

/** Answers without what two customers cannot have in common. */
const plainly = ({ event_id: _id, ...answer }: Answer & { customer?: string }) =>
  JSON.parse(JSON.stringify(answer).replaceAll(/(kept|anew)-(\d+)/g, '$2')) as Answer;

test('R8 R21 R25 R28 R39: with rules that are kept and with rules made anew for each use, answers, costs, credits and alerts are the same', async () => {
  const dice = new Dice(20_261_201);
  let followed = 0;
  for (let life = 1; life <= (process.env['SUBCTL_LONG'] ? 100 : 8); life += 1) {
    const both = [`kept-${life}`, `anew-${life}`] as const;
    for (const who of both) await subscribe(sql, await customer(sql, who), 'basic', { at: begin });
    let at = Date.parse('2026-03-02T00:00:00Z');
    for (let step = 0; step < 60; step += 1) {
      at += dice.pick([1, 5, 600, 3_600, 20 * 3_600, 2 * 86_400]) * 1000;
      const kind = dice.pick(['llm', 'llm', 'image']);
      const use = {
        kind,
        quantity: dice.pick([1, 1, 2, 0, '0.5']),
        ...(kind === 'llm' && {
          model: dice.pick(['small', 'large', 'vectors', 'odd', 'nobody']),
          input_tokens: dice.pick([10, 4_000, 90_000]),
          ...(dice.chance(0.8) && { provider: 'openai' }),
          ...(dice.chance(0.7) && { output_tokens: dice.pick([0, 77, 3_000]) }),
          ...(dice.chance(0.3) && { cached_tokens: 7 }),
        }),
        ...(dice.chance(0.3) && { session: 's' }),
        ...(dice.chance(0.3) && { key: `k${dice.whole(1, 15)}` }),
        ...(dice.chance(0.2) && { at: new Date(at - dice.pick([1, 7_200, 90_000]) * 1000) }),
        as_of: new Date(at - (dice.chance(0.05) ? 3_600_000 : 0)),
      };
      const deed = dice.weigh([
        [24, 'use'],
        [2, 'grant'],
        [1, 'deduct'],
        [1, 'reverse'],
        [1, 'assign'],
        [1, 'tasks'],
      ] as const);
      const [on, amount] = [dice.pick(['basic', 'plus']), dice.pick([3, 11])];
      const priority = dice.pick([0, 5]);
      const told: unknown[] = [];
      if (dice.chance(0.3)) await withoutRules(sql, both[0]);
      for (const who of both) {
        if (who === both[1]) await nothingKept(sql, who);
        else {
          const rules = await sql`
            select from subctl.customer_priced_rules where customer_id = ${who} and live_until > ${use.as_of}
            union all select from subctl.customer_rules where customer_id = ${who} and live_until > ${use.as_of}`;
          followed += rules.length;
        }
        if (deed === 'use')
          told.push(
            await record(sql, { customer: who, ...use }).then(
              plainly,
              (error: { code?: string }) => error.code,
            ),
          );
        else if (deed === 'tasks')
          await program.tasks(['close_windows', 'expire_subscriptions', 'renew_subscriptions'], [who], at, {
            whole: true,
          });
        else if (deed === 'grant')
          await sql`select subctl_internal.grant_credits(${who}, ${amount}, 'bonus', ${`g${step}`}, ${priority}, ${new Date(at)},
            ${new Date(at + 4 * 86_400_000)}, null, 'test')`;
        else if (deed === 'deduct')
          await sql`select subctl_internal.deduct_credits(${who}, ${amount}, ${new Date(at)}, 'test', 'test')`.catch(
            () => null,
          );
        else if (deed === 'reverse') {
          const [event] = await sql<[{ id: string }?]>`
            select id from subctl.usage_events where customer_id = ${who} and credits > 0 and reverses is null order by at desc, kind limit 1`;
          if (event)
            await sql`select subctl.reverse_usage(${who}, ${event.id}, ${new Date(at)}, 'test', null)`;
        } else await program.order(who, { do: 'assign', plan: on, when: 'now' }, at);
      }
      await templatesBack(sql);
      expect(told[0], `life ${life}, step ${step}`).toEqual(told[1]);
    }
    const rows = (who: string) => sql`
      select (select jsonb_agg(jsonb_build_array(e.at, e.kind, e.tokens, e.cost, e.price_from, e.credits, e.provider, e.tier, e.result[1], coalesce(e.result[2], 0), e.result[3:]) order by e.at, e.recorded_at, e.kind, e.quantity, e.cost, e.result)
                from subctl.usage_events e where e.customer_id = ${who}) as events,
             (select jsonb_agg(jsonb_build_array(l.at, l.kind, l.amount, l.balance_after) order by l.id) from subctl.credit_entries l where l.customer_id = ${who}) as ledger,
             (select jsonb_agg(to_jsonb(w) - 'customer_id' order by w.meter_id, w."window", w.window_start) from subctl.window_usage w where w.customer_id = ${who}) as windows,
             (select jsonb_agg(to_jsonb(a) - 'customer_id' - 'event_id' order by a.meter_id, a."window", a.window_start, a.threshold) from subctl.alerts a
               where a.customer_id = ${who}) as alerts`;
    expect(await rows(both[0])).toEqual(await rows(both[1]));
  }
  expect(followed).toBeGreaterThan(100);
});
