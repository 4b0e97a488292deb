-- Lists keys without an event, and keys or events that occur twice. Keys of events that are no longer kept are left
-- out.
create or replace view subctl.integrity_usage_keys as
select k.customer_id, 'key ' || k.key as subject, 'event ' || k.event_id as expected, 'none' as found
  from subctl.usage_keys k
 where k.event_at >= (select subctl_internal.events_kept_from())
   and not exists (select 1 from subctl.usage_events e
                    where e.customer_id = k.customer_id and e.at = k.event_at and e.id = k.event_id)
union all
select k.customer_id, 'keys of event ' || k.event_id, '1', count(*)::text from subctl.usage_keys k
 group by k.customer_id, k.event_id having count(*) > 1
union all
select k.customer_id, 'rows of key ' || k.key, '1', count(*)::text from subctl.usage_keys k
 group by k.customer_id, k.key having count(*) > 1;
comment on view subctl.integrity_usage_keys is
  'R15: Every idempotency key names an event of its customer, and no event has two keys';
