-- Checks each reservation by itself, against its event, and against usage_totals.held_until, which must reach to the
-- end of the last reservation that is held now (integrity_as_of).
create or replace view subctl.integrity_reservations as
select r.customer_id, 'end of reservation ' || r.id as subject,
       case when r.status = 'held' then 'none' else 'an instant' end as expected,
       coalesce(subctl_internal.iso(r.ended_at), 'none') as found
  from subctl.reservations r where (r.status = 'held') <> (r.ended_at is null)
union all
select r.customer_id, 'status of reservation ' || r.id, 'held, settled, released or expired', r.status
  from subctl.reservations r where r.status not in ('held', 'settled', 'released', 'expired')
union all
select r.customer_id, 'event of reservation ' || r.id, 'an event', coalesce(r.event_id::text, 'none')
  from subctl.reservations r
 where r.status = 'settled' and r.at >= (select subctl_internal.events_kept_from())
   and not exists (select 1 from subctl.usage_events e where e.customer_id = r.customer_id and e.id = r.event_id)
union all
select s.customer_id, 'instant until which something is held', 'at least ' || subctl_internal.iso(max(r.expires_at)),
       coalesce(subctl_internal.iso(s.held_until), 'none')
  from subctl.reservations r join subctl.usage_totals s on s.customer_id = r.customer_id
 where r.status = 'held' and r.expires_at > (select subctl_internal.integrity_as_of())
 group by s.customer_id, s.held_until having s.held_until is null or s.held_until < max(r.expires_at);
comment on view subctl.integrity_reservations is
  'R18: A reservation that ended says when, a settled one names its event, and recording sees every amount that is '
  'held';
