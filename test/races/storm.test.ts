import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { editCustomer } from '../../src/customers/edit.ts';
import { setLimit } from '../../src/customers/set-limit.ts';
import type { Change } from '../../src/database/change.ts';
import type { Db } from '../../src/database/connect.ts';
import { assignPlan } from '../../src/subscriptions/assign.ts';
import { failedChecks } from '../integrity/failed-checks.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';
import { customer, lay, plan, subscribe } from '../usage/world.ts';

const long = process.env['SUBCTL_LONG'] === '1';
const processes = long ? 64 : 6;
const unit = long ? 100 : 12;
const instant = '2025-01-15T12:00:00Z';
const { sql, url } = await testDatabase();

interface Seen {
  accepted: Told[];
  refused: Told[];
  alerts: string[];
  settled: string[];
  errors: string[];
}
interface Told {
  customer: string;
  windows: Record<string, { used: number; held: number; limit: number | null }>;
}

/** What is changed while the storm is on, when some of the first limit is used; and what the month's limit is in the end. */
const customers: Record<string, { limit: number; change?: (tx: Db, change: Change) => Promise<unknown> }> = {
  upgraded: {
    limit: 9 * unit,
    change: (tx, change) => assignPlan(tx, change, { customer: 'upgraded', plan: 'high', when: 'now' }),
  },
  overridden: {
    limit: 6 * unit,
    change: (tx, change) =>
      setLimit(tx, change, {
        ...{ customer: 'overridden', meter: 'messages', window: 'month', scope: 'customer' as const },
        limit: String(6 * unit),
      }),
  },
  holds: { limit: 4 * unit },
  moved: {
    limit: 4 * unit,
    change: (tx, change) => editCustomer(tx, change, { id: 'moved', timezone: 'Asia/Kolkata' }),
  },
};
const names = Object.keys(customers);

async function begin(): Promise<void> {
  await lay(sql, { messages: { kinds: ['llm'] } });
  await plan(sql, 'low', {
    limits: { messages: { month: 4 * unit, period: 7 * unit, rolling_24h: 20 * unit } },
  });
  await plan(sql, 'high', {
    limits: { messages: { month: 9 * unit, period: 10 * unit, rolling_24h: 20 * unit } },
  });
  await sql`update subctl.plan_versions set usage_on_change = 'carry'`;
  await sql`insert into subctl.changes (id, at, actor, action) values ('test', '2025-01-01', 'tester', 'storm')`;
  await sql`update subctl.plans set rank = case id when 'low' then 1 else 2 end`;
  for (const name of names) {
    await customer(sql, name);
    await subscribe(sql, name, 'low', { at: '2025-01-01T00:00:00Z' });
  }
}

const usedBy = async (name: string) => {
  const [row] = await sql<[{ used: number }]>`
    select coalesce(sum(quantity), 0)::int as used from subctl.usage_events where customer_id = ${name}`;
  return row.used;
};

/** Changes each customer when it has used half of its first limit, and ends the storm when all are full. */
async function direct(workers: readonly ChildProcess[]): Promise<void> {
  const waiting = new Map(names.map((name) => [name, customers[name]!.change]));
  for (;;) {
    const used = await Promise.all(names.map(usedBy));
    for (const [at, name] of names.entries()) {
      const change = waiting.get(name);
      if (!change || used[at]! < 2 * unit) continue;
      waiting.delete(name);
      await asTester(sql, (tx, made) => change(tx, { ...made, reason: 'storm' }), new Date(instant));
    }
    if (names.every((name, at) => used[at]! >= customers[name]!.limit)) break;
    if (workers.some(({ connected }) => !connected)) return; // one has failed, and says why
    await sleep(20);
  }
  await sleep(long ? 2_000 : 200); // what comes now is refused
  for (const worker of workers) worker.send('stop');
}

const seenBy = (worker: ChildProcess) =>
  new Promise<Seen>((resolve, reject) => {
    worker.once('message', (message) => resolve(message as Seen));
    worker.once('error', reject);
    // what it has said may come after its end
    worker.once('exit', (code) => {
      if (code !== 0) reject(new Error(`A process of the storm ended with ${code}`));
    });
  });

test(`W10 R39: ${processes} processes for the last of their limits, with an upgrade, an own limit, holds and another zone in mid-storm: exact totals, each alert once, no refusal below a limit and none above`, async () => {
  await begin();
  const file = path.join(import.meta.dirname, 'storm-worker.mjs');
  const workers = Array.from({ length: processes }, (_, n) =>
    fork(file, [url, String(n), instant, ...names]),
  );
  const all = workers.map(seenBy);
  let seen: Seen[];
  try {
    await direct(workers);
    seen = await Promise.all(all);
  } finally {
    for (const worker of workers) worker.kill();
  }
  const each = <T>(read: (one: Seen) => T[]) => seen.flatMap(read);

  expect(each(({ errors }) => errors)).toEqual([]);
  for (const name of names) {
    const { limit } = customers[name]!;
    const accepted = each((one) => one.accepted).filter((told) => told.customer === name);
    const settled = each((one) => one.settled).filter((other) => other === name);
    expect([name, await usedBy(name), accepted.length + settled.length]).toEqual([name, limit, limit]);
    // each use was told its own place, without gap or double: those that were settled have theirs in between
    const places = accepted.map(({ windows }) => windows['month']!.used);
    expect(new Set(places).size).toBe(places.length);
    if (settled.length === 0)
      expect(places.toSorted((a, b) => a - b)).toEqual(Array.from({ length: limit }, (_, n) => n + 1));
    const refused = each((one) => one.refused).filter((told) => told.customer === name);
    expect(refused.length).toBeGreaterThan(0);
    const full = ({ windows }: Told) =>
      Object.values(windows).some((w) => w.limit !== null && w.used + w.held + 1 > w.limit);
    expect(refused.filter((told) => !full(told))).toEqual([]);
    expect(
      accepted.filter(({ windows }) => Object.values(windows).some((w) => w.used > (w.limit ?? Infinity))),
    ).toEqual([]);
  }
  const told = await sql<{ alert: string }[]>`
    select customer_id || ' ' || "window" || ' ' || trim_scale(threshold) as alert from subctl.alerts`;
  expect(each(({ alerts }) => alerts).toSorted()).toEqual(told.map(({ alert }) => alert).toSorted());
  const [twice] = await sql`
    select count(*)::int as n from (
      select from subctl.alerts group by customer_id, meter_id, "window", window_start, threshold, limit_value having count(*) > 1) t`;
  expect(twice!['n']).toBe(0);
  expect(await failedChecks(sql, new Date(instant))).toEqual([]);
});
