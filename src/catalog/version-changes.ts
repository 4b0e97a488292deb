import type { Db } from '../database/connect.ts';

/** A difference between two versions of a plan; null where a version has no value. */
export interface VersionChange extends Record<string, unknown> {
  from_version: number;
  what: string;
  before: string | null;
  after: string | null;
}

/**
 * Compares the versions of a plan that have live subscribers with version `to` (by default the older ones with the current one): limits,
 * prices, credits, seats, features.
 */
export async function listVersionChanges(
  db: Db,
  plan: string,
  to: number | null = null,
): Promise<VersionChange[]> {
  return db<VersionChange[]>`
    with held as (
      select distinct s.version, coalesce(${to}::int, p.current_version) as current
        from subctl.plans p join subctl.subscriptions s on s.plan_id = p.id
         and case when ${to}::int is null then s.version < p.current_version else s.version <> ${to}::int end
       where p.id = ${plan} and s.status in ('trialing', 'active', 'past_due', 'paused')
    ), facts as (
      select l.version, l.meter_id || ' per ' || l."window" || case when l.scope = 'member' then ' and member' else '' end as what, 4 as rank,
             coalesce(trim_scale(l.limit_value)::text, 'unlimited') || case when l.enforcement = 'hard' then '' else ' ' || l.enforcement end as value
        from subctl.plan_limits l where l.plan_id = ${plan}
      union all
      select r.version, 'price per ' || r."interval" || ' ' || r.currency, 1, coalesce(trim_scale(r.amount)::text, 'complimentary') from subctl.plan_prices r where r.plan_id = ${plan}
      union all
      select v.version, 'feature ' || f.name, 5, case f.type when 'boolean' then case f.value when 'true' then 'yes' else 'no' end else coalesce(f.value, 'unlimited') end
        from subctl.plan_versions v cross join lateral subctl.features_in(v.features) f where v.plan_id = ${plan}
      union all
      select v.version, f.what, f.rank, f.value
        from subctl.plan_versions v
       cross join lateral (values
         ('credits', 2, case when v.credits_unlimited then 'unlimited' else trim_scale(v.credits)::text end),
         ('credits every', 2, v.credits_every), ('rollover', 2, trim_scale(v.rollover_max)::text), ('seats', 3, v.max_users::text),
         ('price is', 3, case when v.per_seat then 'per seat' else 'per subscription' end),
         ('models', 5, array_to_string(v.allowed_models, ', ')),
         ('tokens of unknown size, paid', 5, trim_scale(v.estimate_paid)::text), ('tokens of unknown size, free', 5, trim_scale(v.estimate_free)::text)) f(what, rank, value)
       where v.plan_id = ${plan}
    )
    select h.version as from_version, w.what, o.value as before, n.value as after
      from held h
     cross join lateral (select distinct f.what, f.rank from facts f where f.version in (h.version, h.current)) w
      left join facts o on o.version = h.version and o.what = w.what
      left join facts n on n.version = h.current and n.what = w.what
     where o.value is distinct from n.value
     order by h.version, w.rank, w.what`;
}
