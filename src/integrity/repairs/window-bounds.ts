import type { Repair } from './repair.ts';
import { audited } from './audited.ts';

/** Ends each window with a row of its own where the next one of its limit begins: windows tile (R1). A later repair recounts it. */
export const windowBounds: Repair = {
  name: 'ends of windows',
  run: (tx, change) =>
    audited(
      tx,
      change,
      tx`
      with reaching as (select * from subctl.overlapping_windows o where o.next_start > o.window_start)
      update subctl.usage_counters c set window_end = o.next_start
        from reaching o
       where c.customer_id = o.customer_id and c.meter_id = o.meter_id and c."window" = o."window" and c.scope = o.scope and c.subject = o.subject
         and c.window_start = o.window_start
      returning c.customer_id, 'usage window' as entity, concat_ws(' ', c.meter_id, c."window", nullif(c.subject, ''), 'from', subctl_internal.iso(c.window_start)) as entity_key,
                jsonb_build_object('window_end', subctl_internal.iso(o.window_end)) as before, jsonb_build_object('window_end', subctl_internal.iso(c.window_end)) as after`,
    ),
};
