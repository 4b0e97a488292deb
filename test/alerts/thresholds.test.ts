import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { customer, lay, plan, record, subscribe } from '../usage/world.ts';

const { sql } = await testDatabase();
const noon = '2026-03-10T12:00:00Z';
let count = 0;

beforeAll(async () => {
  await lay(sql);
  await plan(sql, 'soft', { limits: { messages: { month: [25, 'soft'] } } });
});

const someone = async () => {
  const who = await customer(sql, `t${(count += 1)}`);
  await subscribe(sql, who, 'soft', { at: '2026-03-01T00:00:00Z' });
  return who;
};
const limit = async (who: string, at: string, value: number) => {
  await sql`update subctl.limit_overrides set ends_at = ${at} where customer_id = ${who} and ends_at is null`;
  await sql`insert into subctl.limit_overrides (customer_id, meter_id, "window", starts_at, limit_value, reason, actor)
            values (${who}, 'messages', 'month', ${at}, ${value}, 'test', 'test')`;
  await sql`update subctl.customers set has_overrides = true where id = ${who}`;
};
const alerts = async (who: string) =>
  (
    await sql`select limit_value::int as "limit", threshold::int as threshold, trim_scale(used)::text as used
                from subctl.alerts where customer_id = ${who} and "window" = 'month' order by 1, 2`
  ).map(({ limit: of, threshold, used }) => `${of as number} ${threshold as number} ${used as string}`);

test('R39: of uses that come at once, each threshold alerts once, at the use that reaches it: of 25 at 20, 23 and 25', async () => {
  for (const callers of [24, 25, 40]) {
    const who = await someone();
    await Promise.all(Array.from({ length: callers }, () => record(sql, { customer: who, as_of: noon })));
    expect(await alerts(who)).toEqual(['25 80 20', '25 90 23', ...(callers < 25 ? [] : ['25 100 25'])]);
  }
});

test('R39: jumps, parts and limits that change alert what was reached under each, and nothing twice', async () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ use: fc.constantFrom('0.5', '1', '2.5', '7', '19.99', '30') }) },
    { weight: 1, arbitrary: fc.record({ limit: fc.constantFrom(10, 25, 40) }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 9 }), async (steps) => {
      const who = await someone();
      let [used, of] = [0, 25]; // hundredths, so that nothing is rounded
      const reached = new Map<string, string>();
      for (const [n, made] of steps.entries()) {
        const at = new Date(Date.parse(noon) + n * 60_000).toISOString();
        if ('limit' in made) {
          await limit(who, at, made.limit);
          of = made.limit;
          continue;
        }
        used += Math.round(Number(made.use) * 100);
        const { alerts: told } = await record(sql, { customer: who, as_of: at, quantity: made.use });
        const now = [80, 90, 100].filter((t) => used >= of * t && !reached.has(`${of} ${t}`));
        for (const t of now) reached.set(`${of} ${t}`, String(used / 100));
        expect(told.map(({ threshold }) => Number(threshold))).toEqual(now);
      }
      const wanted = [...reached].map(([key, at]) => `${key} ${at}`);
      expect((await alerts(who)).sort()).toEqual(wanted.sort());
    }),
    { seed: 39, numRuns: 40 },
  );
});
