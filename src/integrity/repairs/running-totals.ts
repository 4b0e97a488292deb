import type { Repair } from './repair.ts';
import { audited } from './audited.ts';

/** Recomputes the running totals of rolling windows from the events, after the first total that is kept; cached rules read them again. */
export const runningTotals: Repair = {
  name: 'running totals',
  run: async (tx, change) => {
    await tx`
      create temp table totals on commit drop as
      with wrong as (select distinct customer_id, meter_id, subject from subctl.wrong_running_totals m), kept as (select (select subctl_internal.events_kept_from()) as since)
      select distinct on (m.customer_id, m.meter_id, m.subject) m.customer_id, m.meter_id, m.subject, m.at, m.cum
        from subctl.usage_rolling_totals m join wrong w using (customer_id, meter_id, subject) cross join kept
       where m.at >= kept.since
       order by m.customer_id, m.meter_id, m.subject, m.at`;
    await tx`
      delete from subctl.usage_rolling_totals m using totals t
       where m.customer_id = t.customer_id and m.meter_id = t.meter_id and m.subject = t.subject and m.at > t.at`;
    await tx`
      insert into subctl.usage_rolling_totals (customer_id, meter_id, subject, at, cum)
      select t.customer_id, t.meter_id, t.subject, e.at, t.cum + sum(sum(e.amount)) over (partition by t.customer_id, t.meter_id, t.subject order by e.at)
        from (select distinct meter_id from totals) m
       cross join lateral subctl_internal.events_on_meter(m.meter_id, (select subctl_internal.events_kept_from()), 'infinity') e
        join totals t on t.customer_id = e.customer_id and t.meter_id = m.meter_id and t.subject in ('', e.member_id) and e.at > t.at
       where e.amount <> 0
       group by t.customer_id, t.meter_id, t.subject, t.cum, e.at`;
    await tx`
      update subctl.usage_totals u set rolled[1] = 'Infinity' from (select distinct customer_id from totals) t
       where u.customer_id = t.customer_id and u.rolled is not null`;
    return audited(
      tx,
      change,
      tx`
      select t.customer_id, 'running total' as entity, concat_ws(' ', t.meter_id, nullif(t.subject, '')) as entity_key, null::jsonb as before,
             jsonb_build_object('from', subctl_internal.iso(t.at)) as after from totals t`,
    );
  },
};
