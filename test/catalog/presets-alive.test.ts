import { expect, test } from 'vitest';
import { shippedPresets } from '../../src/catalog/shipped.ts';
import type { Connection } from '../../src/database/connect.ts';
import { loadPreset } from '../support/catalogue.ts';
import { addOne, assign } from '../support/plans.ts';
import { testDatabase } from '../support/database.ts';
import { record } from '../usage/world.ts';

const begin = '2025-01-31T10:00:00Z';
const use = '2025-02-10T12:00:00Z';
const later = '2026-03-20T12:00:00Z'; // every window but those without an end is another one by then

const presets = await Promise.all(
  Object.keys(shippedPresets()).map(async (name) => [name, await testDatabase({ max: 2 })] as const),
);

interface Cap {
  meter: string;
  windows: string[];
  least: string | null;
}

/** The meters that a plan limits, with the least limit and the windows that have it. */
const capsOf = (sql: Connection, plan: string) => sql<Cap[]>`
  select l.meter_id as meter, trim_scale(min(l.limit_value))::text as least,
         array_agg(l."window") filter (where l.limit_value is not distinct from (
           select min(x.limit_value) from subctl.plan_limits x where x.plan_id = l.plan_id and x.meter_id = l.meter_id and x.scope = 'customer')) as windows
    from subctl.plan_limits l join subctl.plans p on p.id = l.plan_id and p.current_version = l.version
   where l.plan_id = ${plan} and l.scope = 'customer' and l.enforcement = 'hard'
   group by l.plan_id, l.meter_id order by 1`;

test.each(presets)(
  'S3 R10 R11: %s: every plan is assigned, each limit takes its last unit and no more, and is new in a later period',
  async (_, { sql }) => {
    await loadPreset(sql, _);
    const plans = await sql<{ id: string }[]>`select id from subctl.plans where active order by id`;
    expect(plans.length).toBeGreaterThan(0);
    for (const { id: plan } of plans) {
      const customer = `on ${plan}`;
      await addOne(sql, { id: customer }, new Date(begin));
      await assign(sql, begin, { customer, plan, collection: 'complimentary', trialDays: 0 });
      const caps = await capsOf(sql, plan);
      for (const cap of caps) await fill(sql, { customer, cap, at: use });
      for (let done = 1; done > 0;) {
        const [row] =
          await sql`select subctl_internal.renew_subscriptions(${later}, array[${customer}], 'test') as done`;
        done = row!['done'] as number;
      }
      const [now] =
        await sql`select plan_id as plan from subctl_internal.effective_subscription(${customer}, ${later})`;
      for (const cap of now!['plan'] === plan ? caps : [])
        if (!cap.windows.includes('lifetime')) await fill(sql, { customer, cap, at: later });
    }
  },
);

/** Uses a meter by its own name, up to its least limit and one beyond. */
async function fill(
  sql: Connection,
  { customer, cap, at }: { customer: string; cap: Cap; at: string },
): Promise<void> {
  const what = `${customer} ${cap.meter}`;
  const ask = (quantity: string) =>
    record(sql, {
      customer,
      kind: cap.meter,
      as_of: at,
      quantity,
      session: at,
      cost: cap.meter.startsWith('cost') ? quantity : '0',
    });
  if (cap.least === null) {
    expect((await ask('1000000')).allowed, what).toBe(true);
    return;
  }
  const [now] = await sql`
    select trim_scale(${cap.least}::numeric - coalesce(max(l.used), 0))::text as room from subctl.usage_limits(${customer}, ${at}) l
     where l.meter_id = ${cap.meter} and l.win = any (${cap.windows}::text[])`;
  const room = now!['room'] as string; // a use of another meter may have counted here too
  if (room !== '0') expect(await ask(room), what).toMatchObject({ allowed: true, reason: null });
  const refused = await ask(
    cap.windows.every((window) => window === 'each') ? String(Number(cap.least) + 1) : '1',
  );
  expect(refused, what).toMatchObject({
    allowed: false,
    reason: cap.least === '0' ? 'disabled' : 'limit_reached',
    meter: cap.meter,
  });
  expect(cap.windows, what).toContain(refused.window);
}
