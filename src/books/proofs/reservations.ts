import { type Proof, keptFrom } from '../proof.ts';

/** A reservation that ended says when, and one that was settled names its event. */
export const reservations: Proof = {
  name: 'reservations',
  proves: 'A reservation that ended says when, and one that was settled names its event',
  disagreements: (db) => db`
    select r.customer_id as customer, 'end of reservation ' || r.id as what, case when r.status = 'held' then 'none' else 'an instant' end as expected,
           coalesce(subctl.iso(r.ended_at), 'none') as found
      from subctl.reservations r where (r.status = 'held') <> (r.ended_at is null)
    union all
    select r.customer_id, 'event of reservation ' || r.id, 'an event', coalesce(r.event_id::text, 'none')
      from subctl.reservations r
     where r.status = 'settled' and r.at >= ${keptFrom(db)}
       and not exists (select from subctl.usage_events e where e.customer_id = r.customer_id and e.id = r.event_id)`,
};
