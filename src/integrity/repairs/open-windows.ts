import type { Repair } from './repair.ts';
import { audited } from './audited.ts';

/**
 * Empties invalid rows of open windows (lists of unequal length, unknown or repeated windows, no bounds), so that their windows are rebuilt
 * from the events, and sets the earliest end of the others.
 */
export const openWindows: Repair = {
  name: 'open windows',
  run: async (tx, change) => {
    const repaired = await audited(
      tx,
      change,
      tx`
      with broken as (
        select s.customer_id from subctl.customer_windows s
          join subctl.usage_totals t on t.customer_id = s.customer_id
         where array[cardinality(s.starts), cardinality(s.ends), cardinality(t.used), cardinality(s.refused)] <> array_fill(cardinality(s.ids), array[4])
            or cardinality(s.ids) <> (select count(distinct w.id) from unnest(s.ids) i(id) join subctl.meter_windows w on w.id = i.id)
            or exists (select from unnest(s.starts, s.ends, t.used, s.refused) o(starts, ends, used, refused)
                        where not coalesce(o.starts < o.ends and o.used >= 0 and o.refused >= 0, false))
      ), ought as (
        select s.customer_id, s.subscription_id, s.ids, s.next_end, b.customer_id is not null as broken,
               case when b.customer_id is null then (select min(x) from unnest(s.ends) x) end as soonest,
               case when x.id is not null then s.subscription_id end as subscription
          from subctl.customer_windows s
          left join broken b on b.customer_id = s.customer_id
          left join subctl.subscriptions x on x.customer_id = s.customer_id and x.id = s.subscription_id
      )
      update subctl.customer_windows s
         set ids = case when o.broken then '{}' else s.ids end, starts = case when o.broken then '{}' else s.starts end,
             ends = case when o.broken then '{}' else s.ends end,
             refused = case when o.broken then '{}' else s.refused end, epoch = case when o.broken then -1 else s.epoch end,
             subscription_id = o.subscription, next_end = o.soonest
        from ought o
       where s.customer_id = o.customer_id
         and (o.broken or o.next_end is distinct from o.soonest or o.subscription is distinct from o.subscription_id)
      returning s.customer_id, 'open windows' as entity, s.customer_id as entity_key,
                jsonb_build_object('windows', cardinality(o.ids), 'next_end', subctl_internal.iso(o.next_end)) as before,
                jsonb_build_object('windows', cardinality(s.ids), 'next_end', subctl_internal.iso(s.next_end)) as after`,
    );
    await tx`
      update subctl.usage_totals t set used = '{}', generation = t.generation + 1
        from subctl.customer_windows s where s.customer_id = t.customer_id and cardinality(s.ids) = 0 and cardinality(t.used) > 0`;
    return repaired;
  },
};
