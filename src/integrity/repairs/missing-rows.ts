import type { Repair } from './repair.ts';
import { audited } from './audited.ts';

/** Inserts missing rows of open windows and missing first time zones, and marks customers that have limits of their own. */
export const missingRows: Repair = {
  name: 'missing rows',
  run: async (tx, change) => {
    // epoch -1: the next use recounts the events before it trusts this row
    const states = await audited(
      tx,
      change,
      tx`
      insert into subctl.customer_windows (customer_id, epoch)
      select c.id, -1 from subctl.customers c
       where not exists (select from subctl.customer_windows s where s.customer_id = c.id)
         and (exists (select from subctl.usage_totals t where t.customer_id = c.id) or exists (select from subctl.usage_events e where e.customer_id = c.id)
              or exists (select from subctl.usage_counters u where u.customer_id = c.id) or exists (select from subctl.reservations r where r.customer_id = c.id))
      on conflict do nothing
      returning customer_id, 'open windows' as entity, customer_id as entity_key, null::jsonb as before, '{}'::jsonb as after`,
    );
    // a new row has no windows, so it has no totals either
    await tx`
      update subctl.usage_totals t set used = '{}', generation = t.generation + 1
        from subctl.customer_windows s where s.customer_id = t.customer_id and s.epoch = -1 and cardinality(s.ids) = 0 and cardinality(t.used) > 0`;
    const totals = await audited(
      tx,
      change,
      tx`
      insert into subctl.usage_totals (customer_id, used, held_until)
      select s.customer_id, array_fill(0::numeric, array[cardinality(s.ids)]),
             (select max(r.expires_at) from subctl.reservations r where r.customer_id = s.customer_id and r.status = 'held')
        from subctl.customer_windows s
       where not exists (select from subctl.usage_totals t where t.customer_id = s.customer_id)
      returning customer_id, 'totals of the open windows' as entity, customer_id as entity_key, null::jsonb as before, '{}'::jsonb as after`,
    );
    const zones = await audited(
      tx,
      change,
      tx`
      insert into subctl.customer_zones (customer_id, from_at, timezone, change_id)
      select distinct on (z.customer_id) z.customer_id, '-infinity', z.timezone, ${change.id}
        from subctl.customer_zones z
       where not exists (select from subctl.customer_zones f where f.customer_id = z.customer_id and f.from_at = '-infinity')
       order by z.customer_id, z.from_at
      returning customer_id, 'customer zone' as entity, 'from the beginning' as entity_key, null::jsonb as before, jsonb_build_object('timezone', timezone) as after`,
    );
    const marks = await audited(
      tx,
      change,
      tx`
      update subctl.customers c set has_overrides = true
       where not c.has_overrides and exists (select from subctl.limit_overrides l where l.customer_id = c.id)
      returning c.id as customer_id, 'customer' as entity, c.id as entity_key, '{"has_overrides": false}'::jsonb as before,
                '{"has_overrides": true}'::jsonb as after`,
    );
    return states + totals + zones + marks;
  },
};
