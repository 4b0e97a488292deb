import { beforeAll, expect, test } from 'vitest';
import { parseDatabaseUrl } from '../../src/database/address.ts';
import { connectTo } from '../../src/database/connect.ts';
import { testDatabase } from '../support/database.ts';
import { type Answer, customer, lay, plan, record, subscribe } from './world.ts';

const { sql, url } = await testDatabase();
const now = '2026-03-10T12:00:00Z';

beforeAll(async () => {
  await lay(sql, undefined, { image: '1' });
  await plan(sql, 'five-hundred', {
    limits: { messages: { day: 500, month: 500 }, tokens: { rolling_24h: 500 }, calls: { month: 900 } },
  });
});

async function someone(id: string, on = 'five-hundred'): Promise<string> {
  await customer(sql, id);
  await subscribe(sql, id, on, { at: '2026-03-01T00:00:00Z' });
  return id;
}

/** `count` uses, as many at a time as there are `connections`. */
async function all<T>(
  count: number,
  work: (n: number, db: typeof sql) => Promise<T>,
  connections = 16,
): Promise<T[]> {
  const pool = connectTo(parseDatabaseUrl(url), connections);
  try {
    return await Promise.all(Array.from({ length: count }, (_, n) => work(n, pool)));
  } finally {
    await pool.end();
  }
}

const state = async (who: string) => {
  const rows =
    await sql`select meter_id || ' ' || "window" as w, trim_scale(sum(used))::int as used, sum(refused)::int as refused from subctl.window_usage where customer_id = ${who} and used > 0 group by 1`;
  return Object.fromEntries(rows.map((r) => [r['w'], r['used']]));
};

test('W10: a limit of 500 lets exactly 500 of 800 parallel uses through, each with one event', async () => {
  const who = await someone('hot');
  const answers = await all(800, (n, db) =>
    record(db, { customer: who, as_of: now, input_tokens: 1, key: `k${n}` }),
  );
  expect(answers.filter((a) => a.allowed)).toHaveLength(500);
  expect(await state(who)).toMatchObject({ 'messages day': 500, 'messages month': 500, 'calls month': 500 });
  const rows =
    await sql`select (select count(*) from subctl.usage_events where customer_id = ${who})::int as events, (select count(*) from subctl.usage_keys where customer_id = ${who})::int as keys,
    (select max(cum)::int from subctl.usage_rolling_totals where customer_id = ${who}) as marks, (select count(*)::int from subctl.alerts where customer_id = ${who} and "window" = 'day') as alerts`;
  expect(rows).toEqual([{ events: 500, keys: 500, marks: 500, alerts: 3 }]);
});

test('R15: 20 keys in 400 parallel calls are 20 events, and every twin gets the same answer', async () => {
  const who = await someone('twins');
  const answers = await all(400, (n, db) =>
    record(db, { customer: who, as_of: now, input_tokens: 2, key: `k${n % 20}` }),
  );
  expect(await sql`select count(*)::int as n from subctl.usage_events where customer_id = ${who}`).toEqual([
    { n: 20 },
  ]);
  const byKey = new Map<number, Set<string>>();
  answers.forEach((a, n) =>
    byKey.set(n % 20, (byKey.get(n % 20) ?? new Set()).add(JSON.stringify({ ...a, replayed: false }))),
  );
  expect([...byKey.values()].every((set) => set.size === 1)).toBe(true);
});

test('two kinds that share a meter never pass it together, whatever order they come in', async () => {
  const who = await someone('shared');
  await sql`update subctl.customers set has_overrides = true where id = ${who}`;
  await sql`insert into subctl.limit_overrides (customer_id, meter_id, "window", starts_at, limit_value, reason, actor) values (${who}, 'calls', 'month', '2026-01-01Z', 100, 'r', 'a')`;
  const answers = await all(200, (n, db) =>
    record(db, { customer: who, kind: n % 2 ? 'llm' : 'file', as_of: now }),
  );
  expect(answers.filter((a) => a.allowed)).toHaveLength(100);
  expect((await state(who))['calls month']).toBe(100);
});

test('G16 R23: parallel uses and deductions take what there is and never more', async () => {
  await plan(sql, 'hundred', { credits: '100' });
  const who = await someone('credits', 'hundred');
  const results = await all(120, async (n, db) => {
    if (n % 2) return (await record(db, { customer: who, kind: 'image', as_of: now })).allowed ? 1 : 0;
    return db`select subctl_internal.deduct_credits(${who}, 3, ${now}, 'r', 'c')`.then(
      () => 3,
      (error: { code: string }) => (expect(error.code).toBe('SB004'), 0),
    );
  });
  const taken = results.reduce<number>((a, b) => a + b, 0);
  const rows =
    await sql`select subctl_internal.credit_balance(${who}, ${now})::int as balance, (select sum(amount)::int from subctl.credit_entries where customer_id = ${who}) as ledger,
    (select count(*)::int from subctl.credit_entries where customer_id = ${who} and kind = 'grant') as grants, (select min(balance_after)::int from subctl.credit_entries where customer_id = ${who}) as low`;
  expect(rows[0]).toMatchObject({ balance: 100 - taken, ledger: 100 - taken, grants: 1 });
  expect(rows[0]!['low']).toBeGreaterThanOrEqual(0);
  const twice = await someone('credits-2', 'hundred');
  const two = await Promise.allSettled(
    [1, 2].map(() => sql`select subctl_internal.deduct_credits(${twice}, 60, ${now}, 'r', 'c')`),
  );
  expect(two.map((r) => r.status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('a due grant is written once by whoever comes first: uses, the task and reads at the boundary', async () => {
  const who = await someone('boundary', 'hundred');
  await record(sql, { customer: who, kind: 'image', as_of: now });
  await all(60, async (n, db) => {
    const later = '2026-04-01T00:00:00Z';
    if (n % 3 === 0)
      await db`select subctl_internal.post_due_credits(array[${who}, 'credits'], ${later}, 'task')`;
    else if (n % 3 === 1) await record(db, { customer: who, kind: 'image', as_of: later });
    else
      expect(
        Number((await db`select subctl_internal.credit_balance(${who}, ${later}) as b`)[0]!['b']),
      ).toBeLessThanOrEqual(100);
  });
  const entries =
    await sql`select kind, count(*)::int as n, sum(amount)::int as amount from subctl.credit_entries where customer_id = ${who} group by 1 order by 1`;
  expect(entries).toEqual([
    { kind: 'expire', n: 1, amount: -99 },
    { kind: 'grant', n: 2, amount: 200 },
    { kind: 'use', n: 21, amount: -21 },
  ]);
});

test('single calls, batches and shuffled keys at once: no deadlock, and the counters are the events', async () => {
  const ids = await Promise.all(Array.from({ length: 6 }, (_, n) => someone(`mix${n}`)));
  let seed = 7;
  const random = (n: number) => (seed = (seed * 48271) % 2147483647) % n;
  const errors: unknown[] = [];
  await all(64, async (n, db) => {
    for (let round = 0; round < 2; round++) {
      const uses = Array.from({ length: 12 }, () => ({
        customer: ids[random(6)]!,
        kind: ['llm', 'file', 'image'][random(3)]!,
        key: `k${random(400)}`,
        quantity: '1',
      }));
      try {
        if (n % 2) await db`select subctl.record_usage_many(${db.json(uses)}, ${now})`;
        else
          for (const use of uses.slice(0, 6))
            await record(db, { ...use, as_of: now }).catch((error: { code: string }) =>
              expect(error.code).toBe('SB008'),
            );
      } catch (error) {
        errors.push(error);
      }
    }
  });
  expect(errors).toEqual([]);
  for (const who of ids) {
    const wrong = await sql`
      select w.meter_id, w."window", w.used, subctl_internal.recount_usage(w.customer_id, w.meter_id, null, null, w.window_start, w.window_end) as events
        from subctl.window_usage w where w.customer_id = ${who} and w.used <> subctl_internal.recount_usage(w.customer_id, w.meter_id, null, null, w.window_start, w.window_end)`;
    expect(wrong).toEqual([]);
    expect(
      await sql`select 1 from subctl.usage_keys k where customer_id = ${who} and not exists (select 1 from subctl.usage_events e where e.customer_id = k.customer_id and e.id = k.event_id)`,
    ).toHaveLength(0);
  }
});

test('a batch answers each use in its place; a refusal stops nobody and twins in it replay', async () => {
  const who = await someone('batch');
  const uses = [
    { customer: who, kind: 'llm', key: 'a', quantity: '499' },
    { customer: who, kind: 'telepathy', key: 'b' },
    { customer: who, kind: 'llm', key: 'c', quantity: '2' },
    { customer: who, kind: 'llm', key: 'a', quantity: '499' },
    { customer: who, kind: 'llm', key: 'a', quantity: '1' },
    { customer: 'nobody', kind: 'llm' },
    { customer: who, kind: 'llm', key: 'c', quantity: '1' },
  ];
  const send = async () =>
    (await sql`select subctl.record_usage_many(${sql.json(uses)}, ${now}) as a`)[0]!['a'] as (Answer & {
      error?: { code: string };
    })[];
  const answers = await send();
  expect(answers.map((a) => [a.allowed, a.reason, a.replayed])).toEqual([
    [true, null, false],
    [null, 'invalid', undefined],
    [false, 'limit_reached', false],
    [true, null, true],
    [null, 'key_conflict', undefined],
    [false, 'no_customer', false],
    [true, null, false],
  ]);
  expect((await send()).map((a) => [a.allowed, a.replayed])).toEqual([
    [true, true],
    [null, undefined],
    [null, undefined],
    [true, true],
    [null, undefined],
    [false, false],
    [true, true],
  ]);
  expect(await sql`select key from subctl.usage_keys where customer_id = ${who} order by 1`).toEqual([
    { key: 'a' },
    { key: 'c' },
  ]);
  expect((await state(who))['messages day']).toBe(500);
});

test('a subscription that changes while a use waits for its lock is seen', async () => {
  await plan(sql, 'tiny', { limits: { messages: { day: 0 } } });
  const who = await someone('changing');
  await record(sql, { customer: who, as_of: now });
  let waiting: Promise<Answer>;
  await sql.begin(async (tx) => {
    await tx`select subctl_internal.lock_customers(array[${who}])`;
    await tx`update subctl.subscriptions set plan_id = 'tiny', epoch = epoch + 1 where customer_id = ${who}`;
    waiting = record(sql, { customer: who, as_of: now, key: 'w' });
    for (;;) {
      const rows = await sql`select 1 from pg_locks where not granted and pid <> pg_backend_pid()`;
      if (rows.length > 0) break;
    }
  });
  expect(await waiting!).toMatchObject({ allowed: false, reason: 'disabled' });
  expect(await sql`select 1 from subctl.usage_keys where customer_id = ${who}`).toHaveLength(0);
});
