-- Compares each rollover grant with the grant that it names and with the entry that expired that one.
create or replace view subctl.integrity_rollovers as
select r.customer_id, 'source of grant ' || r.source_key as subject,
       'a grant that lived until ' || subctl_internal.iso(r.granted_at) as expected,
       coalesce('one from ' || subctl_internal.iso(g.granted_at) || ' to ' || subctl_internal.iso(g.expires_at), 'none')
         as found
  from subctl.credit_grants r
  left join subctl.credit_grants g on g.customer_id = r.customer_id and g.source_key = substr(r.source_key, 10)
 where r.source = 'rollover' and not coalesce(g.granted_at < g.expires_at and g.expires_at = r.granted_at, false)
union all
select r.customer_id, 'grant ' || r.source_key, 'at most ' || trim_scale(-e.amount), trim_scale(r.amount)::text
  from subctl.credit_grants r
  join subctl.credit_grants g on g.customer_id = r.customer_id and g.source_key = substr(r.source_key, 10)
  join subctl.credit_entries e on e.customer_id = g.customer_id and e.grant_id = g.id and e.kind = 'expire'
 where r.source = 'rollover' and r.amount > -e.amount;
comment on view subctl.integrity_rollovers is
  'R24: A rollover comes from one grant that lived until then, and is no more than was left of it';
