-- Lists source keys with several grants, and plan grants that begin before the one before them ended. The key of a
-- plan grant ends with the instant at which it begins.
create or replace view subctl.integrity_grant_keys as
select customer_id, 'grants of ' || source_key as subject, '1' as expected, count(*)::text as found
  from subctl.credit_grants group by customer_id, source_key having count(*) > 1
union all
select g.customer_id, 'start of grant ' || g.source_key, subctl_internal.iso(g.granted_at), g.source_key
  from subctl.credit_grants g
 where g.source = 'plan' and g.source_key like 'plan:%' and not g.source_key like '%:'
   || subctl_internal.iso(g.granted_at)
union all
select customer_id, 'grant ' || source_key, 'not before ' || subctl_internal.iso(before),
       subctl_internal.iso(granted_at)
  from (select customer_id, source_key, granted_at,
               lag(expires_at) over (partition by customer_id, split_part(source_key, ':', 2) order by granted_at,
                                     expires_at) as before
          from subctl.credit_grants where source = 'plan' and source_key like 'plan:%') g
 where granted_at < before;
comment on view subctl.integrity_grant_keys is
  'R42: Each source grants credits once, and no plan grants twice for the same time';
