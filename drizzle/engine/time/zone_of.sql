-- Returns a customer's time zone at an instant: the zone that applied then, else that of the settings, else UTC (R4).
-- A customer who never changed zone has no history; the customer's row has the zone.
create or replace function subctl_internal.zone_of(customer text, at timestamptz) returns text
language sql stable parallel safe as $$
  select coalesce(
    (select coalesce(z.timezone, subctl_internal.setting('timezone'), 'UTC')
       from subctl.customer_zones z where z.customer_id = $1 and z.from_at <= $2 order by z.from_at desc limit 1),
    (select c.timezone from subctl.customers c where c.id = $1),
    subctl_internal.setting('timezone'), 'UTC')
$$;
