-- Lists customers with usage but no row in customer_windows or usage_totals, time zones that disagree with their
-- history, and customers with limits of their own that are not marked.
create or replace view subctl.integrity_customers as
select c.id as customer_id, 'row of open windows' as subject, 'one' as expected, 'none' as found
  from subctl.customers c
  left join subctl.customer_windows s on s.customer_id = c.id
  left join subctl.usage_totals t on t.customer_id = c.id
 where (s.customer_id is null or t.customer_id is null)
   and (s.customer_id is not null or t.customer_id is not null
        or exists (select 1 from subctl.usage_events e where e.customer_id = c.id)
        or exists (select 1 from subctl.usage_counters u where u.customer_id = c.id)
        or exists (select 1 from subctl.reservations r where r.customer_id = c.id))
union all
select z.customer_id, 'first time zone', 'from the beginning', subctl_internal.iso(min(z.from_at))
  from subctl.customer_zones z group by 1 having min(z.from_at) <> '-infinity'
union all
select c.id, 'time zone', coalesce(z.timezone, 'the one of the settings'),
       coalesce(c.timezone, 'the one of the settings')
  from subctl.customers c
  join (select distinct on (customer_id) customer_id, timezone from subctl.customer_zones
         order by customer_id, from_at desc) z on z.customer_id = c.id
 where z.timezone is distinct from c.timezone
union all
select c.id, 'mark that it has limits of its own', o.has::text, c.has_overrides::text
  from subctl.customers c
 cross join lateral (select exists (select 1 from subctl.limit_overrides l where l.customer_id = c.id) as has) o
 where o.has and not c.has_overrides;
comment on view subctl.integrity_customers is
  'R4, R45: A customer with usage has its row of open windows, time zones go back to the beginning, and the flags '
  'on its row are true';
