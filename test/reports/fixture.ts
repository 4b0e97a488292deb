import type { Db } from '../../src/database/connect.ts';

/** Plans free (10 credits, default), premium (100) and pro (1000), all by the month, with two meters. */
export async function sellPlans(sql: Db): Promise<void> {
  await sql`insert into subctl.kinds values ('llm', 'llm'), ('image', 'image') on conflict do nothing`;
  await sql`
    insert into subctl.meters (id, name, kinds, field) values ('messages', 'Messages', '{llm}', 'quantity'),
      ('tokens', 'Tokens', '{llm}', 'tokens'), ('images', 'Images', '{image}', 'quantity')`;
  for (const [at, [id, credits]] of Object.entries([
    ['free', 10],
    ['premium', 100],
    ['pro', 1000],
  ] as const).map(([at, plan]) => [Number(at), plan] as const)) {
    await sql`
      insert into subctl.plans (id, name, rank, is_default, fallback, current_version, created_at)
      values (${id}, ${id}, ${at}, ${id === 'free'}, 'none', 1, '2025-01-01')`;
    await sql`insert into subctl.plan_versions (plan_id, version, credits, created_at) values (${id}, 1, ${credits}, '2025-01-01')`;
    await sql`insert into subctl.plan_prices values (${id}, 1, '1mo', 'USD', ${at * 10}, null)`;
    await sql`
      insert into subctl.plan_limits (plan_id, version, meter_id, "window", limit_value)
      values (${id}, 1, 'messages', 'month', ${id === 'pro' ? null : credits})`;
    await sql`select subctl_internal.compile_plan(${id}, 1)`;
  }
}

/** A customer, with a free subscription to `plan` from `from` on when there is one. */
export async function addCustomer(
  sql: Db,
  id: string,
  { plan, from, timezone = null }: { plan?: string; from: string; timezone?: string | null },
): Promise<void> {
  await sql`select subctl_internal.create_customer(${id}, ${from}, 'test', 'tester', 'user', ${timezone})`;
  if (!plan) return;
  await sql`
    select * from subctl_internal.start_subscriptions(array[${id}]::text[], array[${from}]::timestamptz[], ${plan}, 1, '1mo', 'USD', 0, 'free', 0, true,
      null, 'tester', null, 'new', null, ${from}::timestamptz, null)`;
}
