import type { Connection } from '../../src/database/connect.ts';

export const crowd = process.env['SUBCTL_LONG'] ? 2400 : 400;

/**
 * Customers on four plans, with uses of many days, credits that roll over, terms that end, trials, cancellations, keys that
 * are old and reservations that are over: something for every task. With SUBCTL_LONG it is
 * more than one page for each of them.
 */
export async function gather(sql: Connection): Promise<void> {
  await sql`insert into subctl.kinds (id, canonical) values ('message', 'message'), ('image', 'image')`;
  await sql`insert into subctl.meters (id, name, kinds, tier) values ('messages', 'Messages', '{message}', 'paid'), ('images', 'Images', '{image}', null)`;
  await sql`
    insert into subctl.plans (id, name, rank, is_default, fallback, current_version, created_at)
    select p, p, n, p = 'free', case p when 'term' then 'default' else 'none' end, 1, '2025-01-01'
      from unnest('{free,pro,term,trial,bill}'::text[]) with ordinality t(p, n)`;
  await sql`
    insert into subctl.plan_versions (plan_id, version, created_at, credits, rollover_max, trial_days, auto_renew)
    values ('free', 1, '2025-01-01', 10, null, 0, true), ('pro', 1, '2025-01-01', 100, 30, 0, true), ('term', 1, '2025-01-01', 50, null, 0, false),
           ('trial', 1, '2025-01-01', 20, null, 14, true), ('bill', 1, '2025-01-01', null, null, 0, true)`;
  await sql`
    insert into subctl.plan_prices (plan_id, version, "interval", currency, amount)
    select p, 1, '1mo', 'USD', case p when 'bill' then 9.99 else 0 end from unnest('{free,pro,term,trial,bill}'::text[]) p`;
  await sql`
    insert into subctl.plan_limits (plan_id, version, meter_id, "window", limit_value)
    select p, 1, m, w, 50 from unnest('{free,pro,term,trial,bill}'::text[]) p
     cross join (values ('messages', 'day'), ('messages', 'month'), ('images', 'period')) l(m, w)`;
  await sql`insert into subctl.credit_costs (plan_id, kind, amount) values ('', 'image', 2.5)`;
  await sql`select subctl_internal.compile_all()`;
  await subscribeAll(sql);
  for (const day of ['2026-01-17T12:00Z', '2026-01-18T12:00Z', '2026-01-25T12:00Z'])
    await sql`
      select count(subctl.record_usage(customer => 'c' || n, kind => case n % 2 when 0 then 'message' else 'image' end, as_of => ${day}, quantity => n % 3 + 1,
               key => ${day} || n, cost => 0)) from generate_series(1, ${crowd}::int) n`;
  await sql`
    update subctl.subscriptions set cancel_at_period_end = true, canceled_at = '2026-01-20'
     where plan_id = 'pro' and right(customer_id, 1) = '4'`;
  await sql`
    select count(subctl.reserve_usage(customer => 'c' || n, kind => 'message', as_of => '2026-01-26T00:00Z'))
      from generate_series(1, ${crowd}::int, 3) n`;
  await sql`analyze`;
}

async function subscribeAll(sql: Connection): Promise<void> {
  const at = '2026-01-10T09:30:00Z';
  await sql`
    select subctl_internal.create_customer('c' || n, ${at}, null, 'tester', 'user', (array['UTC', 'Europe/Berlin', 'Asia/Kolkata'])[n % 3 + 1])
      from generate_series(1, ${crowd}::int) n`;
  await sql`
    select subctl_internal.start_subscriptions(array_agg('c' || n), array_agg(${at}::timestamptz + n * interval '7 minutes'), p, 1, '1mo', 'USD',
             case p when 'bill' then 9.99 else 0 end, case p when 'bill' then 'invoice' else 'free' end, case p when 'trial' then 14 else 0 end,
             p <> 'term', null, 'tester', null, 'new', null, ${at}, 'test')
      from (select n, (array['pro', 'term', 'trial', 'bill'])[n % 4 + 1] as p from generate_series(1, ${crowd}::int) n) x group by p`;
  await sql`select subctl_internal.post_due_credits(array_agg('c' || n), '2026-01-17T00:00:00Z', 'test') from generate_series(1, ${crowd}::int) n`;
}

/** A file of uses for the import, with a key each; a few cannot be recorded. */
export function usageFile(rows: number): string {
  const lines = Array.from({ length: rows }, (_, n) => {
    const at = new Date(Date.parse('2026-01-27T00:00:00Z') + n * 60_000).toISOString();
    return `c${(n % (crowd + 2)) + 1},message,${(n % 4) + 1},${at},row-${n}`;
  });
  return ['customer,kind,quantity,at,key', ...lines].join('\n');
}
