import { expect, test } from 'vitest';
import { parseDatabaseUrl } from '../../src/database/address.ts';
import { connectTo } from '../../src/database/connect.ts';
import { deductCredits, addCredits } from '../../src/credits/change-credits.ts';
import { setLimit } from '../../src/customers/set-limit.ts';
import { Failure } from '../../src/domain/failure.ts';
import { assignPlan } from '../../src/subscriptions/assign.ts';
import { extendByDays } from '../../src/subscriptions/extend.ts';
import { failedChecks } from '../integrity/failed-checks.ts';
import { Dice } from '../simulator/dice.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';
import { customer, lay, plan, record, subscribe } from '../usage/world.ts';

const callers = 64;
const { sql, url } = await testDatabase();
const noon = Date.parse('2025-01-15T12:00:00Z');
const end = '2025-01-15T13:00:00Z';
let ticks = 0;
/** A clock that all callers share: each reading is ten milliseconds later; who is overtaken comes late. */
const tick = () => new Date(noon + 10 * ticks++);
const limits = { messages: { day: 300, month: 1000, rolling_12h: 400 }, images: { period: 200 } };

await lay(sql, { messages: { kinds: ['llm'] }, images: { kinds: ['image'] } }, { image: '1.5' });
for (const id of ['low', 'high']) {
  await plan(sql, id, { limits, credits: '240' });
  await sql`update subctl.plan_versions set usage_on_change = 'carry' where plan_id = ${id}`;
}
await sql`insert into subctl.changes (id, at, actor, action) values ('test', '2025-01-01', 'tester', 'races') on conflict do nothing`;

test('W10 R10 R23 R39: 64 callers for the last unit of three limits and of the credits, with holds, gifts, own limits and changes of plan going on: nothing is used twice, nothing is lost, nobody sees a deadlock', async () => {
  const who = await customer(sql, 'hot');
  await subscribe(sql, who, 'low', { at: '2025-01-01T00:00:00Z' });
  await sql`select subctl_internal.post_due_credits(array[${who}], ${tick()}, 'test')`;
  const pool = connectTo(parseDatabaseUrl(url), callers);
  const done = { messages: 0, images: 0, given: 0, taken: 0 };
  const strange: unknown[] = [];
  try {
    await Promise.all(Array.from({ length: callers }, (_, n) => call(n)));
  } finally {
    await pool.end({ timeout: 5 });
  }
  expect(strange).toEqual([]);
  const [books] = await sql`
      select (select sum(quantity) from subctl.usage_events where customer_id = ${who} and kind = 'llm')::int as messages,
             (select sum(quantity) from subctl.usage_events where customer_id = ${who} and kind = 'image')::int as images,
             trim_scale(subctl_internal.credit_balance(${who}, ${end}))::float8 as balance,
             (select json_object_agg("window", n) from (select "window", count(*)::int as n from subctl.alerts where customer_id = ${who} and meter_id = 'messages'
                 and limit_value = 300 group by 1) a) as alerts`;
  // the day's limit is what stops the messages, and all of it went; each of its thresholds told once
  expect(books).toMatchObject({ messages: 300, images: done.images, alerts: { day: 3 } });
  expect(done.messages).toBe(300);
  expect(books!['balance']).toBe(240 + done.given - done.taken - 1.5 * done.images);
  expect(books!['balance']).toBeGreaterThanOrEqual(0);
  expect(await failedChecks(sql, new Date(end))).toEqual([]);

  async function call(n: number): Promise<void> {
    const dice = new Dice(n);
    for (let turn = 0; turn < 14; turn += 1)
      await act(dice, n).catch((error: unknown) => strange.push(error));
  }

  async function act(dice: Dice, n: number): Promise<void> {
    const what = n % 16;
    if (what === 0) return change({ do: 'plan', plan: dice.pick(['low', 'high']) });
    if (what === 1) return change({ do: dice.pick(['give', 'take'] as const) });
    if (what === 2) return change({ do: dice.pick(['limit', 'extend'] as const) });
    if (what === 3) return hold(dice);
    if (what === 4) {
      const { allowed } = await record(pool, { customer: who, kind: 'image', as_of: tick(), cost: '0' });
      if (allowed) done.images += 1;
      return;
    }
    const { allowed } = await record(pool, { customer: who, as_of: tick(), cost: '0' });
    if (allowed) done.messages += 1;
  }

  async function hold(dice: Dice): Promise<void> {
    const [row] =
      await pool`select subctl.reserve_usage(customer => ${who}, kind => 'llm', as_of => ${tick()}, cost => 0) as answer`;
    const { allowed, reservation } = row!['answer'] as { allowed: boolean; reservation: string };
    if (!allowed) return;
    if (dice.chance(0.5))
      return void (await pool`select subctl.release_usage(${who}, ${reservation}, ${tick()})`);
    await pool`select subctl.settle_usage(customer => ${who}, reservation => ${reservation}, as_of => ${tick()})`;
    done.messages += 1;
  }

  async function change(asked: {
    do: 'plan' | 'give' | 'take' | 'limit' | 'extend';
    plan?: string;
  }): Promise<void> {
    await asTester(
      pool,
      async (tx, made) => {
        const because = { ...made, reason: 'race' };
        if (asked.do === 'plan')
          await assignPlan(tx, because, { customer: who, plan: asked.plan!, when: 'now' });
        if (asked.do === 'give')
          await addCredits(tx, because, {
            customer: who,
            amount: '2',
            source: 'promotional',
            expires: 'never',
          });
        if (asked.do === 'take') await deductCredits(tx, because, { customer: who, amount: '1' });
        if (asked.do === 'extend') await extendByDays(tx, because, { customer: who, days: 1 });
        if (asked.do === 'limit')
          await setLimit(tx, because, {
            customer: who,
            meter: 'images',
            window: 'period',
            scope: 'customer',
            limit: '150',
          });
      },
      tick(),
    ).then(
      () => {
        if (asked.do === 'give') done.given += 2;
        if (asked.do === 'take') done.taken += 1;
      },
      (error: unknown) => {
        // refused is an answer; a deadlock or a failed serialisation is not
        if (!(error instanceof Failure) && (error as { code?: string }).code !== 'SB004') throw error;
      },
    );
  }
});
