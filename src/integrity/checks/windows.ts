import { recounted } from '../recount.ts';
import type { Check } from '../check.ts';

/** Every window says what the events in it say, adjustments of closed ones included; of those whose events are all still kept. */
export const windows: Check = {
  name: 'windows',
  asserts: 'Every window has counted what the events in it say, as far as they are all kept',
  findings: (db) => db`
    select r.customer_id as customer, concat_ws(' ', r.meter_id, r."window", nullif(r.subject, ''), 'from',
             case when isfinite(r.window_start) then subctl.iso(r.window_start) else 'the beginning' end) as what,
           trim_scale(r.counted)::text as expected, trim_scale(r.used)::text as found
      from (${recounted(db)}) r
     where r.used <> r.counted`,
};
