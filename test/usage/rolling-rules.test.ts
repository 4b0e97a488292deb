import { beforeAll, describe, expect, it, test } from 'vitest';
import { Dice } from '../simulator/dice.ts';
import { Program } from '../simulator/database-side.ts';
import { testDatabase } from '../support/database.ts';
import { nothingKept, templatesBack, withoutRules } from './side-by-side.ts';
import { type Answer, customer, lay, plan, record, subscribe } from './world.ts';

const { sql } = await testDatabase();
const program = new Program(sql);
const begin = '2026-03-01T00:00:00Z';
let made = 0;

beforeAll(async () => {
  // no meter counts uses of every kind: files have rolling windows alone on one plan
  const counted = { messages: {}, tokens: { field: 'tokens' }, cost_usd: { field: 'cost' } };
  const others = { images: { kinds: ['image'] }, files: { kinds: ['file'] } };
  for (const meter of Object.values(counted)) Object.assign(meter, { kinds: ['llm'], tier: 'paid' });
  await lay(sql, { ...counted, ...others }, { image: '2' });
  for (const [component, amount] of [
    ['input_tokens', '2.5'],
    ['output_tokens', '10'],
  ] as const)
    await sql`
      insert into subctl.prices (provider, model, component, effective_from, unit, amount, per, source, recorded_at)
      values ('openai', 'large', ${component}, '2020-01-01', 'token', ${amount}, 1000000, 'test', '2026-01-01')`;
  await sql`select subctl_internal.compile_prices()`;
  await plan(sql, 'basic', {
    limits: {
      messages: { rolling_1h: 9, rolling_3h: 20, month: 300 },
      tokens: { rolling_2h: 60_000, rolling_12h: 200_000 },
      files: { rolling_1h: 10, rolling_1d: null, day: 30 },
      images: { rolling_3h: [6, 'soft'] },
    },
    credits: '90',
  });
  await plan(sql, 'sliding', { limits: { files: { rolling_1h: 9 } } });
  await plan(sql, 'plus', {
    limits: { messages: { rolling_1h: 12 }, files: { rolling_2h: 14, month: 200 }, tokens: { day: 900_000 } },
  });
});

async function someone(on = 'basic'): Promise<string> {
  const who = await customer(sql, `w${++made}`);
  await subscribe(sql, who, on, { at: begin });
  return who;
}
const at = (time: string) => `2026-03-10T${time}Z`;
const file = (who: string, time: string, more: object = {}) =>
  record(sql, { customer: who, kind: 'file', as_of: at(time), ...more });

/** Writes a mark into the customer's rules, which answers show as long as they are followed. */
async function mark(who: string): Promise<void> {
  for (const table of ['customer_rules', 'customer_priced_rules'])
    await sql`
      update ${sql(`subctl.${table}`)} set heads = array(select replace(h, '"scope"', '"marked": true, "scope"') from unnest(heads) h)
       where customer_id = ${who}`;
}
const isMarked = ({ limits }: Answer) => limits.some((limit) => 'marked' in limit);
const hour = ({ limits }: Answer) => limits.find(({ window }) => window === 'rolling_1h');

test('R7: a use in rolling windows follows kept rules, and what leaves them is taken off', async () => {
  const who = await someone();
  await file(who, '12:00:00');
  await mark(who);
  for (const [time, used] of [
    ['12:30:00', '2'],
    ['12:59:59', '3'],
    ['13:00:00', '3'],
    ['13:30:00', '3'],
    ['15:00:00', '1'],
  ] as const) {
    const answer = await file(who, time);
    expect([isMarked(answer), hour(answer)?.used, hour(answer)?.['window_start']]).toEqual([
      true,
      used,
      `2026-03-10T${String(Number(time.slice(0, 2)) - 1)}${time.slice(2)}.000Z`,
    ]);
  }
});

test('R7 R32: what was used before a renewal is in no rolling window of a paid meter after it', async () => {
  const who = await someone();
  const used = async (as_of: string) => hour(await record(sql, { customer: who, kind: 'file', as_of }))?.used;
  expect(await used('2026-03-31T23:40:00Z')).toBe('1');
  await sql`select subctl_internal.renew_subscriptions('2026-04-01', array[${who}], 'test')`;
  for (const [minute, count] of ['00', '05', '10'].entries())
    expect(await used(`2026-04-01T00:${count}:00Z`)).toBe(String(minute + 1));
});

test('R39: a rolling window that empties and fills again tells its threshold again', async () => {
  const who = await someone();
  const alerts: unknown[] = [];
  for (const time of ['12:00:00', '14:00:00']) {
    await file(who, time, { quantity: 5 });
    await file(who, time, { quantity: 2 });
    alerts.push((await file(who, time)).alerts);
  }
  expect(alerts).toEqual([
    [{ meter: 'files', window: 'rolling_1h', threshold: '80' }],
    [{ meter: 'files', window: 'rolling_1h', threshold: '80' }],
  ]);
});

test('R13: a use from before the last one is decided, and what comes after it counts it', async () => {
  const who = await someone();
  await file(who, '12:00:00');
  await file(who, '12:10:00');
  await mark(who);
  const late = await file(who, '12:20:00', { at: at('12:05:00'), quantity: 3 });
  expect([isMarked(late), hour(late)?.used]).toEqual([false, '5']);
  expect(hour(await file(who, '12:21:00'))?.used).toBe('6');
  expect(hour(await file(who, '13:04:00'))?.used).toBe('6');
  expect(hour(await file(who, '13:06:00'))?.used).toBe('4');
});

describe('who changes the running totals is noticed', () => {
  const writers: Record<string, (who: string, event: string) => Promise<unknown>> = {
    'a use that is taken back': (who, event) =>
      sql`select subctl.reverse_usage(${who}, ${event}, ${at('12:11:00')}, 'test', null)`,
    'a reset of what was used': (who) =>
      sql`select subctl_internal.flush_windows(${who}, ${at('12:11:00')}::timestamptz)`,
  };
  it.each(Object.keys(writers))('%s', async (name) => {
    const twin = await someone('sliding');
    const who = await someone('sliding');
    for (const each of [who, twin]) {
      await file(each, '12:00:00', { quantity: 2 });
      const { event_id } = await file(each, '12:10:00', { quantity: 2 });
      await writers[name]!(each, event_id!);
    }
    await sql`delete from subctl.customer_rules where customer_id = ${twin}`;
    for (const time of ['12:20:00', '12:20:00', '13:05:00']) {
      const answer = await file(who, time);
      await sql`delete from subctl.customer_rules where customer_id = ${twin}`;
      expect(plainly(answer)).toEqual(plainly({ ...(await file(twin, time)), customer: who } as never));
    }
  });
});

test('R26: uses that nobody has a price for follow kept rules, until the setting makes them free', async () => {
  const who = await someone();
  const chat = (time: string) =>
    record(sql, { customer: who, kind: 'llm', input_tokens: 5, as_of: at(time) });
  await chat('12:00:00');
  await mark(who);
  const second = await chat('12:01:00');
  expect(isMarked(second)).toBe(true);
  expect(second).toMatchObject({ unpriced: true, cost: null });
  expect(
    await sql`select from subctl.usage_events where customer_id = ${who} and unpriced and cost is null`,
  ).toHaveLength(2);
  await sql`insert into subctl.settings (key, value) values ('unpriced_uses', '"free"')`;
  expect(await chat('12:02:00')).toMatchObject({ unpriced: false, cost: '0' });
  await sql`delete from subctl.settings where key = 'unpriced_uses'`;
  expect(await chat('12:03:00')).toMatchObject({ unpriced: true, cost: null });
});

test('R26: where a limit counts cost, rules of a use that had happened let no other in without a price', async () => {
  await plan(sql, 'priced', { limits: { cost_usd: { month: 5 } } });
  const who = await someone('priced');
  const chat = (time: string, already_spent: boolean) =>
    record(sql, { customer: who, kind: 'llm', input_tokens: 5, as_of: at(time), already_spent });
  expect(await chat('12:00:00', true)).toMatchObject({ allowed: true, unpriced: true });
  expect(await chat('12:01:00', false)).toMatchObject({ allowed: false, reason: 'unpriced' });
});

/** Answers without what two customers cannot have in common. */
const plainly = ({ event_id: _id, ...answer }: Answer & { customer?: string }) =>
  JSON.parse(JSON.stringify(answer).replaceAll(/(kept|anew)-(\d+)/g, '$2')) as Answer;

test('R7 R8 R12 R13 R39: with rolling windows, rules that are kept and rules made anew for each use say and write the same', async () => {
  const dice = new Dice(20_261_203);
  let followed = 0;
  for (let life = 1; life <= (process.env['SUBCTL_LONG'] ? 100 : 8); life += 1) {
    const both = [`kept-${life}`, `anew-${life}`] as const;
    for (const who of both) await subscribe(sql, await customer(sql, who), 'basic', { at: begin });
    let now = Date.parse('2026-03-04T00:00:00Z');
    for (let step = 0; step < 70; step += 1) {
      now += dice.pick([0, 1, 300, 1_500, 3_599, 3_600, 9_000, 20 * 3_600, 3 * 86_400]) * 1000;
      const kind = dice.pick(['file', 'file', 'llm', 'message', 'image']);
      const use = {
        kind,
        quantity: dice.pick([1, 1, 2, 0, '0.5']),
        ...(kind === 'llm' && {
          input_tokens: dice.pick([10, 4_000]),
          ...(dice.chance(0.6) && { provider: 'openai', model: 'large', output_tokens: 7 }),
        }),
        ...(dice.chance(0.3) && { key: `k${dice.whole(1, 15)}` }),
        ...(dice.chance(0.1) && { status: 'success' }),
        ...(dice.chance(0.15) && { at: new Date(now - dice.pick([1, 1_800, 7_200, 90_000]) * 1000) }),
        as_of: new Date(now),
      };
      const deed = dice.weigh([
        [26, 'use'],
        [2, 'reserve'],
        [1, 'assign'],
        [1, 'limit'],
        [1, 'reverse'],
        [1, 'tasks'],
      ] as const);
      const on = dice.pick(['basic', 'plus']);
      const told: unknown[] = [];
      if (dice.chance(0.3)) await withoutRules(sql, both[0]);
      for (const [i, who] of both.entries()) {
        if (i === 1) await nothingKept(sql, who);
        else
          followed += (
            await sql`
              select from subctl.customer_rules r join subctl.usage_totals t using (customer_id, generation)
               where customer_id = ${who} and r.spans is not null and live_until > ${use.as_of} and kind = ${kind}`
          ).length;
        if (deed === 'use')
          told.push(
            await record(sql, { customer: who, ...use }).then(
              plainly,
              (error: { code?: string }) => error.code,
            ),
          );
        else if (deed === 'reserve')
          await sql`select subctl.reserve_usage(customer => ${who}, kind => 'file', as_of => ${use.as_of}, hold => '20 minutes')`;
        else if (deed === 'tasks')
          await program.tasks(['close_windows', 'expire_subscriptions', 'renew_subscriptions'], [who], now, {
            whole: true,
          });
        else if (deed === 'limit')
          await program.limit(
            who,
            { meter: 'files', window: 'month', until: now + 7_200_000, limit: '50' },
            now,
          );
        else if (deed === 'reverse') {
          const [event] = await sql<[{ id: string }?]>`
            select id from subctl.usage_events where customer_id = ${who} and reverses is null order by at desc, quantity, kind limit 1`;
          if (event) await sql`select subctl.reverse_usage(${who}, ${event.id}, ${use.as_of}, 'test', null)`;
        } else await program.order(who, { do: 'assign', plan: on, when: 'now' }, now);
      }
      await templatesBack(sql);
      expect(told[0], `life ${life}, step ${step}`).toEqual(told[1]);
    }
    const rows = (who: string) => sql`
      select (select jsonb_agg(jsonb_build_array(e.at, e.kind, e.tokens, e.cost, e.unpriced, e.credits, e.tier, e.result[1], coalesce(e.result[2], 0), e.result[3:]) order by e.at, e.recorded_at, e.kind, e.quantity, e.cost, e.result)
                from subctl.usage_events e where e.customer_id = ${who}) as events,
             (select jsonb_agg(to_jsonb(k) - 'customer_id' order by k.meter_id, k.at) from subctl.usage_rolling_totals k where k.customer_id = ${who}) as marks,
             (select jsonb_agg(to_jsonb(w) - 'customer_id' order by w.meter_id, w."window", w.window_start) from subctl.window_usage w where w.customer_id = ${who}) as windows,
             (select jsonb_agg(to_jsonb(a) - 'customer_id' - 'event_id' order by a.meter_id, a."window", a.window_start, a.threshold) from subctl.alerts a
               where a.customer_id = ${who}) as alerts`;
    expect(await rows(both[0])).toEqual(await rows(both[1]));
  }
  expect(followed).toBeGreaterThan(50);
});
