import { beforeAll, expect, it, test } from 'vitest';
import { Dice } from '../simulator/dice.ts';
import { Program } from '../simulator/database-side.ts';
import { testDatabase } from '../support/database.ts';
import { nothingKept, rowsOf, sortedJson, templatesBack, withoutRules } from './side-by-side.ts';
import { type Answer, customer, lay, plan, record, subscribe, type Use } from './world.ts';

const { sql } = await testDatabase();
const program = new Program(sql);
const begin = '2026-03-01T00:00:00Z';
const now = '2026-03-10T12:00:00Z';
const nextDay = '2026-03-11T00:00:00Z';
let made = 0;

beforeAll(async () => {
  await lay(sql, undefined, { voice: '1' });
  await plan(sql, 'free', { limits: { files: { day: 5, month: 40 } }, isDefault: true });
  await plan(sql, 'pro', {
    limits: {
      files: { day: 9, week_sunday: 40, month: 90, every_7d: 60, period: 80, lifetime: 500, term: 300 },
      images: { hour: 4, year: [30, 'soft'], rolling_2h: 6 },
      calls: { day: 50, rolling_1d: 60 },
      messages: { month: 0, day: null },
    },
    credits: '30',
  });
});

async function someone(on: string | null = 'pro', zone: string | null = null): Promise<string> {
  const who = await customer(sql, `t${++made}`, { zone });
  if (on !== null) await subscribe(sql, who, on, { at: begin });
  return who;
}
const file = (who: string, as_of = now, more: object = {}) =>
  record(sql, { customer: who, kind: 'file', as_of, ...more } as Use);
const isMarked = ({ limits }: Answer) => limits.some((limit) => 'marked' in limit);

/** Lets the general path make the template of files, and writes a mark into it, which answers by rules from it show. */
async function mark(): Promise<void> {
  await sql`delete from subctl.rule_templates`;
  for (const on of ['pro', 'free']) await file(await someone(on));
  await sql`update subctl.rule_templates set heads = array(select replace(h, '"scope"', '"marked": true, "scope"') from unnest(heads) h)`;
}

test("a first use with a subscription has rules from the plan's template", async () => {
  await mark();
  const who = await someone();
  const first = await file(who);
  expect([first.allowed, isMarked(first)]).toEqual([true, true]);
  const limited = first.limits.filter(({ limit }) => limit !== null);
  expect(new Set(limited.map(({ used }) => used))).toEqual(new Set(['1']));
});

const before: Record<string, (who: string) => Promise<unknown>> = {
  'whose window has ended': async () => null,
  'whose windows a task has closed': (who) =>
    sql`select subctl_internal.close_windows(${nextDay}, array[${who}], 'test')`,
  'who was granted credits': (who) =>
    sql`select subctl_internal.grant_credits(${who}, 3, 'bonus', 'g', 1, ${now}, null, null, 'test')`,
};
it.each(Object.keys(before))('so has a later use of a customer %s', async (what) => {
  await mark();
  const who = await someone();
  await withoutRules(sql, who);
  await file(who);
  await before[what]!(who);
  const next = await file(who, nextDay);
  expect([
    isMarked(next),
    next.limits
      .filter(({ limit }) => limit !== null)
      .map(({ window, used }) => `${window} ${used}`)
      .sort(),
  ]).toEqual([
    true,
    [
      'day 1',
      'day 1',
      'every_7d 2',
      'lifetime 2',
      'month 2',
      'period 2',
      'rolling_1d 2',
      'term 2',
      'week_sunday 2',
    ],
  ]);
});

const odd: Record<string, (who: string) => Promise<unknown>> = {
  'a limit of its own': (who) =>
    program.limit(who, { meter: 'files', window: 'month', until: Infinity, limit: '99' }, Date.parse(now)),
  'another zone before': (who) => program.move(who, 'Asia/Tokyo', Date.parse(now)),
  'a pause': (who) => program.order(who, { do: 'pause', clock: 'stops', until: null }, Date.parse(now)),
  'a catalog that has changed': () => sql`select subctl_internal.compile_all()`,
  disabled: (who) => sql`update subctl.customers set disabled_at = ${now} where id = ${who}`,
};
it.each(Object.keys(odd))('but not with %s', async (what) => {
  await mark();
  const who = await someone();
  await odd[what]!(who);
  expect((await file(who, nextDay)).limits?.some((limit) => 'marked' in limit) ?? false).toBe(false);
});

test('R13: a use of the day before counts in its own day, whichever kind has opened the next one', async () => {
  await plan(sql, 'daily', { limits: { calls: { day: 50 }, files: { day: 9 }, images: { day: 4 } } });
  const who = await someone('daily');
  const use = async (kind: string, as_of: string, at = as_of) =>
    (await record(sql, { customer: who, kind, as_of, at } as Use)).limits.find(
      ({ meter, window }) => meter === 'calls' && window === 'day',
    )!.used;
  const later = '2026-03-11T08:00:00Z';
  for (const name of ['first', 'second']) {
    const other = await someone('daily'); // makes the templates
    for (const kind of ['file', 'image'])
      await record(sql, { customer: other, kind, as_of: now, key: `${name}-${kind}` } as Use);
  }
  expect([await use('file', now), await use('image', now)]).toEqual(['1', '2']);
  expect(await use('file', later)).toBe('1');
  expect(await use('image', later, now)).toBe('3'); // late: of the tenth
  expect(await use('image', later)).toBe('2');
});

const plainly = (told: Answer | string) =>
  JSON.stringify(sortedJson(typeof told === 'string' ? told : { ...told, event_id: null })).replaceAll(
    /(from|full)-\d+/g,
    'who',
  );

test('R1 R4 R5 R7 R13 R39: rules from a template say and write what deciding each use does', async () => {
  const dice = new Dice(Number(process.env['SUBCTL_SEED'] ?? 20_261_130));
  let followed = 0;
  await sql`delete from subctl.rule_templates`;
  for (let life = 1; life <= (process.env['SUBCTL_LONG'] ? 150 : 10); life += 1) {
    const both = [`from-${life}`, `full-${life}`] as const;
    const zone = dice.pick([null, 'Europe/Berlin', 'America/New_York', 'Asia/Tokyo']);
    let at = Date.parse(dice.pick(['2026-03-27T09:00:00Z', '2026-01-31T12:34:56Z', '2026-10-23T00:00:00Z']));
    const on = dice.pick(['pro', 'pro', 'free', null]);
    for (const who of both) {
      await customer(sql, who, { zone, at: new Date(at).toISOString() });
      if (on) await subscribe(sql, who, on, { at: new Date(at).toISOString() });
    }
    for (let step = 0; step < 40; step += 1) {
      at += dice.pick([1, 90, 3_600, 8 * 3_600, 25 * 3_600, 6 * 86_400]) * 1000;
      const use = {
        kind: dice.pick(['file', 'file', 'image', 'llm', 'voice']),
        quantity: dice.pick([1, 1, 2, '0.5', 5]),
        ...(dice.chance(0.2) && { session: 's' }),
        ...(dice.chance(0.3) && { key: `k${dice.whole(1, 9)}` }),
        ...(dice.chance(0.25) && { at: new Date(at - dice.pick([1, 1_800, 7_200, 90_000]) * 1000) }),
        as_of: new Date(at),
      };
      const deed = dice.weigh([
        [24, 'use'],
        [1, 'assign'],
        [1, 'pause'],
        [1, 'resume'],
        [1, 'extend'],
        [4, 'tasks'],
      ] as const);
      if (dice.chance(0.6)) await withoutRules(sql, both[0]);
      const told: (Answer | string)[] = [];
      for (const who of both) {
        if (who === both[1]) await nothingKept(sql, who);
        if (deed === 'use')
          told.push(await record(sql, { customer: who, ...use }).catch((error: Error) => error.message));
        else if (deed === 'tasks')
          await program.tasks(['close_windows', 'expire_subscriptions', 'renew_subscriptions'], [who], at, {
            whole: true,
          });
        else if (on && deed === 'assign')
          await program.order(who, { do: 'assign', plan: 'pro', when: 'now' }, at);
        else if (on && deed === 'pause')
          await program.order(who, { do: 'pause', clock: 'stops', until: null }, at);
        else if (on)
          await program.order(who, deed === 'extend' ? { do: 'extend', days: 2 } : { do: 'resume' }, at);
      }
      await templatesBack(sql);
      expect(told.slice(0, 1).map(plainly), `life ${life}, step ${step}`).toEqual(told.slice(1).map(plainly));
      followed += (
        await sql`select from subctl.customer_rules r join subctl.rule_templates m using (kind, catalog, plan_id, version)
                   where r.customer_id = ${both[0]} and m.is_plain`
      ).length;
    }
    expect(await rowsOf(sql, both[0]), `life ${life}`).toEqual(await rowsOf(sql, both[1]));
  }
  expect(followed).toBeGreaterThan(100);
}, 600_000);
