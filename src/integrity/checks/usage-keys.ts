import { type Check, keptFrom } from '../check.ts';

/** Every key names an event of its customer, and no two keys one event. */
export const usageKeys: Check = {
  name: 'usage keys',
  asserts: 'Every key names an event of its customer, and no two keys one event',
  findings: (db) => db`
    select k.customer_id as customer, 'key ' || k.key as what, 'event ' || k.event_id as expected, 'none' as found
      from subctl.usage_keys k
     where k.event_at >= ${keptFrom(db)}
       and not exists (select from subctl.usage_events e where e.customer_id = k.customer_id and e.at = k.event_at and e.id = k.event_id)
    union all
    select k.customer_id, 'keys of event ' || k.event_id, '1', count(*)::text from subctl.usage_keys k group by k.customer_id, k.event_id having count(*) > 1
    union all
    select k.customer_id, 'rows of key ' || k.key, '1', count(*)::text from subctl.usage_keys k group by k.customer_id, k.key having count(*) > 1`,
};
