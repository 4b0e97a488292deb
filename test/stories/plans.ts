import type { Connection } from '../../src/database/connect.ts';

export const plans = ['free', 'pro', 'term', 'trial', 'weekly', 'paid', 'brief'] as const;

/**
 * Plans of every kind of end: renewing, with a term, with a trial, by invoice; limits on windows that differ from plan to plan, free tiers,
 * credits with and without rollover. The periods of `brief` are shorter than its net days.
 */
export async function prepare(sql: Connection): Promise<void> {
  await sql`insert into subctl.kinds (id, canonical) values ('message', 'message'), ('image', 'image')`;
  await sql`insert into subctl.meters (id, name, kinds, tier) values ('messages', 'Messages', '{message}', 'paid'), ('images', 'Images', '{image}', null),
      ('free_messages', 'Free messages', '{message}', 'free')`;
  await sql`insert into subctl.models (provider, pattern, free_tier) values ('gratis', '*', true)`;
  await sql`
    insert into subctl.plans (id, name, rank, is_default, fallback, current_version, created_at)
    select p, p, n, p = 'free', 'default', 1, '2025-01-01' from unnest(${[...plans]}::text[]) with ordinality t(p, n)`;
  await sql`
    insert into subctl.plan_versions (plan_id, version, created_at, credits, rollover_max, trial_days, auto_renew, credits_every, net_days, grace_days)
    values ('free', 1, '2025-01-01', 10, null, 0, true, null, 14, 7), ('pro', 1, '2025-01-01', 100, 30, 0, true, null, 14, 7),
           ('term', 1, '2025-01-01', 50, null, 0, false, null, 14, 7), ('trial', 1, '2025-01-01', 20, null, 14, true, null, 14, 7),
           ('weekly', 1, '2025-01-01', null, null, 0, true, null, 14, 7), ('paid', 1, '2025-01-01', 60, null, 0, true, '10d', 14, 7),
           ('brief', 1, '2025-01-01', 8, 3, 0, true, null, 17, 2)`;
  await sql`
    insert into subctl.plan_prices (plan_id, version, "interval", currency, amount)
    values ('free', 1, '1mo', 'USD', 0), ('pro', 1, '1mo', 'USD', 0), ('term', 1, '1mo', 'USD', 0), ('trial', 1, '1mo', 'USD', 0), ('weekly', 1, '1w', 'USD', 0), ('paid', 1, '1mo', 'USD', 9.99),
           ('brief', 1, '1w', 'USD', 2.5)`;
  await sql`
    insert into subctl.plan_limits (plan_id, version, meter_id, "window", limit_value)
    select p, 1, m, w, l from unnest(${[...plans]}::text[]) p
     cross join (values ('messages', 'day', 5), ('messages', 'month', 12), ('images', 'period', 7)) t(m, w, l)
     where p <> 'weekly' or w <> 'month'`;
  await sql`
    insert into subctl.plan_limits (plan_id, version, meter_id, "window", limit_value) values
      ('free', 1, 'images', 'lifetime', 40), ('pro', 1, 'images', 'lifetime', 40), ('term', 1, 'images', 'term', 30), ('paid', 1, 'images', 'term', 30),
      ('free', 1, 'free_messages', 'month', 9), ('pro', 1, 'free_messages', 'month', 20), ('pro', 1, 'free_messages', 'week_sunday', 8),
      ('weekly', 1, 'free_messages', 'rolling_3d', 9), ('trial', 1, 'messages', 'rolling_2d', 6), ('trial', 1, 'free_messages', 'every_10d', 9)`;
  await sql`insert into subctl.credit_costs (plan_id, kind, amount) values ('', 'image', 2.5)`;
  await sql`select subctl_internal.compile_plan(p, 1) from unnest(${[...plans]}::text[]) p`;
}
