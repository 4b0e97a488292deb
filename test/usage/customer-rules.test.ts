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
const own = { meter: 'files', window: 'month', until: Infinity };

beforeAll(async () => {
  await lay(sql, undefined, { image: '2' });
  await plan(sql, 'basic', {
    limits: { messages: { month: 40, day: 15 }, calls: { period: 60 }, files: { month: 30, year: null } },
  });
  await plan(sql, 'plus', {
    limits: { messages: { month: 70 }, calls: { every_7d: 50 }, files: { day: [9, 'soft'] } },
  });
});

async function someone(on = 'basic'): Promise<string> {
  const who = await customer(sql, `r${++made}`);
  await subscribe(sql, who, on, { at: begin });
  return who;
}

const file = (who: string, as_of: string, more: object = {}) =>
  record(sql, { customer: who, kind: 'file', as_of, ...more });

/** Writes a mark into the customer's rules, which answers show as long as they are followed. */
async function mark(who: string): Promise<void> {
  const rows = await sql`
    update subctl.customer_rules set heads = array(select replace(h, '"scope"', '"marked": true, "scope"') from unnest(heads) h)
     where customer_id = ${who} returning 1`;
  expect(rows.length).toBeGreaterThan(0);
}
const isMarked = ({ limits }: Answer) => limits.some((limit) => 'marked' in limit);

test('a plain use follows the rules that the one before it has made', async () => {
  const who = await someone();
  await file(who, now);
  await mark(who);
  expect(isMarked(await file(who, later))).toBe(true);
});

test('the answer says the same, whether it follows rules or is built again from its event', async () => {
  const who = await someone('plus');
  await file(who, now);
  await mark(who);
  const { replayed: _, ...kept } = await file(who, now, { quantity: 0, key: 'k' });
  await sql`delete from subctl.customer_rules where customer_id = ${who}`;
  const { replayed, ...again } = await file(who, now, { quantity: 0, key: 'k' });
  expect(replayed).toBe(true);
  expect(JSON.parse(JSON.stringify(kept).replaceAll('"marked":true,', ''))).toEqual(again);
  expect(again.limits.map(({ limit }) => limit)).toContain(null);
});

describe('whoever changes what rules were made from ends them, in the same transaction', () => {
  const id = (who: string) => sql`${who}`;
  const writers: Record<string, (who: string) => Promise<unknown>> = {
    'a change of plan': (who) =>
      program.order(who, { do: 'assign', plan: 'plus', when: 'now' }, Date.parse(later)),
    'a change of plan that waits for an instant': (who) =>
      program.order(
        who,
        { do: 'assign', plan: 'plus', when: Date.parse('2026-03-12T00:00:00Z') },
        Date.parse(later),
      ),
    'a cancellation now': (who) => program.order(who, { do: 'cancel', now: true }, Date.parse(later)),
    'a pause': (who) => program.order(who, { do: 'pause', clock: 'stops', until: null }, Date.parse(later)),
    'days that are given': (who) => program.order(who, { do: 'extend', days: 3 }, Date.parse(later)),
    'a limit of the customer': (who) => program.limit(who, { ...own, limit: '99' }, Date.parse(later)),
    'another zone': (who) => program.move(who, 'Asia/Tokyo', Date.parse(later)),
    'a reservation': (who) =>
      sql`select subctl.reserve_usage(customer => ${who}, kind => 'file', as_of => ${later})`,
    'windows that are closed': (who) =>
      sql`select subctl_internal.close_windows('2026-04-02', array[${who}], 'test')`,
    "another plan by an application's own SQL": (who) =>
      sql`update subctl.subscriptions set plan_id = 'plus' where customer_id = ${id(who)}`,
    "an application's own SQL on the subscription": (who) =>
      sql`update subctl.subscriptions set current_period_end = '2026-03-20' where customer_id = ${id(who)}`,
    "an application's own SQL on the customer": (who) =>
      sql`update subctl.customers set disabled_at = ${later} where id = ${id(who)}`,
    'an invoice': (who) => sql`
      insert into subctl.invoices (customer_id, id, number, source_key, status, currency, total, issued_at, due_at)
      values (${who}, gen_random_uuid(), ${`N-${who}`}, 'test', 'open', 'USD', 1, ${later}, ${later})`,
    'plans that are compiled': () => sql`select subctl_internal.compile_all()`,
    'a model': () => sql`insert into subctl.models (provider, pattern) values (${`p${made}`}, '*')`,
    'another default plan': () => sql`update subctl.plans set is_default = false where id = 'basic'`,
  };
  it.each(Object.keys(writers))('%s', async (name) => {
    const who = await someone();
    await file(who, now);
    await mark(who);
    await writers[name]!(who);
    expect(isMarked(await file(who, later))).toBe(false);
  });

  it('a renewal at the foreseen end need not: rules live no longer than the period', async () => {
    const who = await someone();
    await file(who, '2026-03-31T23:00:00Z');
    await mark(who);
    await sql`select subctl_internal.renew_subscriptions('2026-04-01', array[${who}], 'test')`;
    expect(isMarked(await file(who, '2026-04-01T00:00:00Z'))).toBe(false);
  });
});

/** Answers without what two customers cannot have in common. */
const plainly = ({ event_id: _id, ...answer }: Answer & { customer?: string }) =>
  JSON.parse(JSON.stringify(answer).replaceAll(/(kept|anew)-(\d+)/g, '$2')) as Answer;

test('R8 R10 R12 R39: with rules that are kept and with rules made anew for each use, answers, windows and alerts are the same', async () => {
  const dice = new Dice(20_261_130);
  let followed = 0;
  for (let life = 1; life <= (process.env['SUBCTL_LONG'] ? 100 : 8); life += 1) {
    const both = [`kept-${life}`, `anew-${life}`] as const;
    for (const who of both) await subscribe(sql, await customer(sql, who), 'basic', { at: begin });
    let at = Date.parse('2026-03-04T00:00:00Z');
    for (let step = 0; step < 60; step += 1) {
      at += dice.pick([1, 5, 600, 3_600, 20 * 3_600, 3 * 86_400]) * 1000;
      const use = {
        kind: dice.pick(['file', 'llm', 'message']),
        quantity: dice.pick([1, 1, 2, '0.5', 6]),
        ...(dice.chance(0.4) && { key: `k${dice.whole(1, 15)}` }),
        ...(dice.chance(0.2) && { at: new Date(at - dice.pick([1, 7_200, 90_000]) * 1000) }),
        as_of: new Date(at),
      };
      const deed = dice.weigh([
        [20, 'use'],
        [2, 'assign'],
        [1, 'limit'],
        [1, 'pause'],
        [1, 'resume'],
        [1, 'extend'],
        [1, 'tasks'],
      ] as const);
      const plan = dice.pick(['basic', 'plus']);
      const told: unknown[] = [];
      if (dice.chance(0.3)) await withoutRules(sql, both[0]);
      for (const who of both) {
        if (who === both[1]) await nothingKept(sql, who);
        else
          followed += (
            await sql`select from subctl.customer_rules where customer_id = ${who} and live_until > ${use.as_of}`
          ).length;
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
        else if (deed === 'limit') await program.limit(who, { ...own, limit: '50' }, at);
        else if (deed === 'assign') await program.order(who, { do: 'assign', plan, when: 'now' }, at);
        else if (deed === 'pause') await program.order(who, { do: 'pause', clock: 'stops', until: null }, at);
        else await program.order(who, deed === 'extend' ? { do: 'extend', days: 2 } : { do: 'resume' }, at);
      }
      await templatesBack(sql);
      expect(told[0], `life ${life}, step ${step}`).toEqual(told[1]);
    }
    const rows = (who: string) => sql`
      select (select jsonb_agg(to_jsonb(w) - 'customer_id' order by w.meter_id, w."window", w.window_start) from subctl.window_usage w where w.customer_id = ${who}) as windows,
             (select jsonb_agg(to_jsonb(a) - 'customer_id' - 'event_id' order by a.meter_id, a."window", a.window_start, a.threshold) from subctl.alerts a
               where a.customer_id = ${who}) as alerts`;
    expect(await rows(both[0])).toEqual(await rows(both[1]));
  }
  expect(followed).toBeGreaterThan(50);
});

test('what decide_usage refuses is refused where rules are kept: quantities that are no amount, and secrets in a key', async () => {
  await sql`insert into subctl.kinds (id, canonical) values ('free_of_meters', 'free_of_meters') on conflict do nothing`;
  await sql`select subctl_internal.compile_all()`;
  const who = await someone();
  for (const kind of ['file', 'free_of_meters']) {
    const use = (quantity: string | null, key: string | null = null) =>
      sql`select subctl.record_usage(customer => ${who}, kind => ${kind}, as_of => ${later}, quantity => ${quantity}::numeric, key => ${key})`;
    await use('1');
    expect(
      await sql`select 1 from subctl.customer_rules where customer_id = ${who} and kind = ${kind}`,
    ).toHaveLength(1);
    for (const quantity of ['-1', 'NaN', 'Infinity'])
      await expect(use(quantity)).rejects.toMatchObject({ code: 'SB002' });
    await expect(use('1', `sk_${'live'}_51Habcdefghijklmnopqrst`)).rejects.toMatchObject({ code: 'SB002' });
    await expect(use('1', 'k'.repeat(501))).rejects.toMatchObject({ code: 'SB002' });
    for (const at of ['infinity', '-infinity'])
      await expect(
        sql`select subctl.record_usage(customer => ${who}, kind => ${kind}, as_of => ${later}, at => ${at})`,
      ).rejects.toMatchObject({ code: 'SB002' });
    await use('1', `task-${kind}`);
    // a quantity of null is one, as where it is not given
    await use(null);
  }
  const [row] =
    await sql`select count(*)::int as n, sum(quantity)::int as sum from subctl.usage_events where customer_id = ${who}`;
  expect(row).toEqual({ n: 6, sum: 6 });
});

test('R39: a use that reaches a threshold exactly is told, where rules are kept', async () => {
  const who = await someone();
  await file(who, now, { quantity: 22 });
  await mark(who);
  const below = await file(who, later);
  expect([isMarked(below), below.alerts]).toEqual([true, []]);
  expect((await file(who, later)).alerts).toEqual([{ meter: 'files', window: 'month', threshold: '80' }]);
});

test('a first use cannot miss a subscription that is on its way by SQL, although there were no totals to mark', async () => {
  const [other, who] = [await someone('plus'), `early${++made}`];
  await sql`insert into subctl.customers (id, created_at) values (${who}, ${begin})`;
  await sql`update subctl.plans set is_default = id = 'basic'`;
  let first: Promise<Answer> | undefined;
  await sql.begin(async (tx) => {
    await tx`
      insert into subctl.subscriptions
      select (jsonb_populate_record(s, jsonb_build_object('customer_id', ${who}::text, 'id', gen_random_uuid()))).*
        from subctl.subscriptions s where s.customer_id = ${other}`;
    first = file(who, now);
    await Promise.race([first, new Promise((resolve) => setTimeout(resolve, 200))]);
  });
  expect((await first!).allowed).toBe(true);
  expect((await file(who, later)).limits.map((limit) => limit.window)).toContain('every_7d');
  await sql`update subctl.plans set is_default = false`;
  const halves = await sql`
    select from subctl.customer_windows s full join subctl.usage_totals t on t.customer_id = s.customer_id
     where s.customer_id is null or t.customer_id is null`;
  expect(halves).toHaveLength(0);
});
