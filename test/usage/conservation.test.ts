import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { type Accepted, Model, type Rule } from './model.ts';
import { type Answer, check, customer, lay, plan, record, subscribe } from './world.ts';

const { sql } = await testDatabase();
const long = process.env['SUBCTL_LONG'] !== undefined;
const hour = 3_600_000;
const zones = ['UTC', 'America/New_York', 'Asia/Kolkata', 'Europe/Berlin', 'America/Nuuk'] as const;
const starts = [
  '2026-01-31T10:00:00Z',
  '2026-03-08T04:30:00Z',
  '2026-10-24T23:10:00Z',
  '2024-02-29T12:00:00Z',
];

const rules: Rule[] = [
  { meter: 'messages', kind: 'llm', window: 'day', limit: 6 },
  { meter: 'messages', kind: 'llm', window: 'week', limit: 14 },
  { meter: 'messages', kind: 'llm', window: 'month', limit: 25 },
  { meter: 'messages', kind: 'llm', window: 'rolling_3h', limit: 4 },
  { meter: 'messages', kind: 'llm', window: 'period', limit: null },
  { meter: 'free_messages', kind: 'llm', window: 'month', limit: 8, free: true },
  { meter: 'free_messages', kind: 'llm', window: 'rolling_12h', limit: 5, free: true },
  { meter: 'images', kind: 'image', window: 'lifetime', limit: 40 },
  { meter: 'images', kind: 'image', window: 'day', limit: 5 },
];

await lay(
  sql,
  {
    messages: { kinds: ['llm'], tier: 'paid' },
    free_messages: { kinds: ['llm'], tier: 'free' },
    images: { kinds: ['image'] },
  },
  { image: '1.5' },
);
await sql`insert into subctl.models (provider, pattern, free_tier) values ('free', '*', true)`;
const limits: Record<string, Record<string, number | null>> = {};
for (const { meter, window, limit } of rules) (limits[meter] ??= {})[window] = limit;
await plan(sql, 'everything', { limits, credits: '12' });

const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('use' as const),
      kind: fc.constantFrom('llm', 'llm', 'image'),
      free: fc.boolean(),
      quantity: fc.constantFrom('1', '1', '2', '3', '0.5'),
      late: fc.constantFrom(0, 0, 0, 0, 1, 30, 200, 24 * 36),
      key: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      hours: fc.constantFrom(0, 1, 2, 3, 11, 12, 24, 24 * 9, 24 * 40),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('again' as const), pick: fc.nat() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('add' as const),
      amount: fc.constantFrom('1', '2.25', '7'),
      priority: fc.constantFrom(10, 20, 30),
      hours: fc.constantFrom(5, 24 * 20, Infinity),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('deduct' as const), amount: fc.constantFrom('0.75', '3', '20') }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('prove' as const) }) },
);

const iso = (at: number) => new Date(at).toISOString();
let count = 0;

test(
  'counters equal the recount, the ledger its grants, limits hold and keys replay, over months without a task',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...zones),
        fc.constantFrom(...starts),
        fc.array(step, { minLength: 20, maxLength: 45 }),
        async (zone, start, steps) => {
          const who = await customer(sql, `p${++count}`, { zone });
          await subscribe(sql, who, 'everything', { at: start });
          const model = new Model({
            rules,
            start: Date.parse(start),
            zone,
            credits: 12,
            costs: { image: '1.5' },
          });
          const kept: { use: Parameters<typeof record>[1]; answer: Answer }[] = [];
          let now = Date.parse(start);
          for (const s of steps) {
            if (s.do === 'wait') now += s.hours * hour;
            if (s.do === 'again' && kept.length > 0) {
              const { use, answer } = kept[s.pick % kept.length]!;
              expect(await record(sql, { ...use, as_of: iso(now) })).toEqual({ ...answer, replayed: true });
            }
            if (s.do === 'add') {
              const expires = s.hours === Infinity ? null : iso(now + s.hours * hour);
              await sql`select subctl_internal.grant_credits(${who}, ${s.amount}, 'adjustment', ${`t:${count}:${Math.random()}`}, ${s.priority}, ${iso(now)}, ${expires}, 'r', 'c')`;
              model.grant(s.amount, s.priority, now, expires === null ? Infinity : Date.parse(expires));
            }
            if (s.do === 'deduct') {
              const fits = model.balance(now).gte(s.amount);
              const done = sql`select subctl_internal.deduct_credits(${who}, ${s.amount}, ${iso(now)}, 'r', 'c')`;
              if (fits) await done;
              else await expect(done).rejects.toMatchObject({ code: 'SB004' });
              if (fits)
                model.burn(model.need({ kind: '', free: false, at: 0, quantity: '0' }).plus(s.amount), now);
            }
            if (s.do === 'use') {
              const at = now - s.late * hour;
              const event: Accepted = {
                at,
                kind: s.kind,
                free: s.free && s.kind === 'llm',
                quantity: s.quantity,
              };
              const use = {
                customer: who,
                kind: s.kind,
                quantity: s.quantity,
                as_of: iso(now),
                at: iso(at),
                provider: event.free ? 'free' : 'paid',
                cost: '0',
                ...(s.key ? { key: `k${Math.random()}` } : {}),
              };
              const foretold = await check(sql, use);
              const answer = await record(sql, use);
              if (at < Date.parse(start)) expect(answer.reason).toMatch(/no_subscription|too_old/);
              else if (s.late > 24 * 35) expect(answer.reason).toBe('too_old');
              else {
                const { breached, broke } = model.verdict(event, now);
                expect(
                  {
                    allowed: answer.allowed,
                    windows: answer.limits
                      .filter((l) => l.exceeded)
                      .map((l) => l.window)
                      .sort(),
                  },
                  `${iso(at)} ${s.kind}`,
                ).toEqual({
                  allowed: breached.length === 0 && !broke,
                  windows: breached.map((r) => r.window).sort(),
                });
                if (answer.allowed) model.accept(event, now);
              }
              expect({ ...foretold, event_id: null, alerts: [] }).toEqual({
                ...answer,
                event_id: null,
                alerts: [],
              });
              if (answer.allowed && s.key) kept.push({ use, answer });
            }
            if (s.do === 'prove') await prove(who, model, now);
          }
          await prove(who, model, now);
        },
      ),
      { numRuns: long ? 400 : 25, seed: 20260301 },
    );
  },
  long ? 600_000 : 60_000,
);

async function prove(who: string, model: Model, now: number): Promise<void> {
  const counted = await sql<{ meter_id: string; window: string; start: string; used: string }[]>`
    select meter_id, "window", case when isfinite(window_start) then extract(epoch from window_start) * 1000 end::text as start, trim_scale(used)::text as used
      from subctl.window_usage where customer_id = ${who} and used > 0 and "window" !~ 'rolling'`;
  const recount = new Map<string, number>();
  for (const rule of rules.filter((r) => !r.window.startsWith('rolling')))
    for (const e of model.events.filter((e) => model.meets(rule, e))) {
      const key = `${rule.meter} ${rule.window} ${model.windowStart(rule, e.at)}`;
      recount.set(key, (recount.get(key) ?? 0) + Number(e.quantity));
    }
  expect(
    Object.fromEntries(
      counted.map((c) => [
        `${c.meter_id} ${c.window} ${c.start === null ? -Infinity : Number(c.start)}`,
        Number(c.used),
      ]),
    ),
  ).toEqual(Object.fromEntries(recount));

  const shown = await sql<{ meter_id: string; win: string; used: string }[]>`
    select meter_id, win, trim_scale(used)::text as used from subctl.usage_limits(${who}, ${iso(now)})`;
  const expected = rules.map((r) => `${r.meter} ${r.window} ${model.used(r, now).toFixed()}`);
  expect(
    shown.map((l) => `${l.meter_id} ${l.win} ${l.used}`).filter((l) => !l.startsWith('images period')),
  ).toEqual(expect.arrayContaining(expected));

  const [books] = await sql`
    select coalesce((select sum(amount) from subctl.credit_entries where customer_id = ${who}), 0)::float8 as ledger,
           coalesce((select sum(remaining) from subctl.credit_grants where customer_id = ${who}), 0)::float8 as remaining,
           coalesce((select balance_after from subctl.credit_entries where customer_id = ${who} order by id desc limit 1), 0)::float8 as last,
           (select count(*) from subctl.credit_grants g where customer_id = ${who}
             and g.remaining <> coalesce((select sum(e.amount) from subctl.credit_entries e where e.customer_id = g.customer_id and e.grant_id = g.id), 0))::int as wrong,
           trim_scale(subctl_internal.credit_balance(${who}, ${iso(now)}))::text as balance`;
  expect(books).toMatchObject({
    remaining: books!['ledger'],
    last: books!['ledger'],
    wrong: 0,
    balance: model.balance(now).toFixed(),
  });

  const twice = await sql`
    select meter_id, "window", threshold from subctl.alerts where customer_id = ${who} group by meter_id, "window", threshold, window_start, limit_value having count(*) > 1
    union all
    select a.meter_id, a."window", a.threshold from subctl.alerts a join subctl.alerts b using (customer_id, meter_id, "window", threshold)
     where a.customer_id = ${who} and a."window" like 'rolling%' and a.window_start < b.window_start
       and b.window_start - a.window_start < substr(a."window", 9)::interval`;
  expect(twice).toEqual([]);
}
