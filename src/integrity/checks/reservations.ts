import { type Check, keptFrom } from '../check.ts';

/** A reservation that ended says when, one that was settled names its event, and one that holds something is looked for by recording. */
export const reservations: Check = {
  name: 'reservations',
  asserts:
    'A reservation that ended says when, one that was settled names its event, and one that holds something is looked for by recording',
  findings: (db, now) => db`
    select r.customer_id as customer, 'end of reservation ' || r.id as what, case when r.status = 'held' then 'none' else 'an instant' end as expected,
           coalesce(subctl.iso(r.ended_at), 'none') as found
      from subctl.reservations r where (r.status = 'held') <> (r.ended_at is null)
    union all
    select r.customer_id, 'status of reservation ' || r.id, 'held, settled, released or expired', r.status
      from subctl.reservations r where r.status not in ('held', 'settled', 'released', 'expired')
    union all
    select r.customer_id, 'event of reservation ' || r.id, 'an event', coalesce(r.event_id::text, 'none')
      from subctl.reservations r
     where r.status = 'settled' and r.at >= ${keptFrom(db)}
       and not exists (select from subctl.usage_events e where e.customer_id = r.customer_id and e.id = r.event_id)
    union all
    select s.customer_id, 'instant until which something is held', 'at least ' || subctl.iso(max(r.expires_at)), coalesce(subctl.iso(s.held_until), 'none')
      from subctl.reservations r join subctl.usage_totals s on s.customer_id = r.customer_id
     where r.status = 'held' and r.expires_at > ${now}
     group by s.customer_id, s.held_until having s.held_until is null or s.held_until < max(r.expires_at)`,
};
