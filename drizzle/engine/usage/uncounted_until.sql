-- Returns the latest end of a customer's open windows that a plan version does not count; null if there are none.
-- Every version counts windows without an end.
create or replace function subctl_internal.uncounted_until(customer text, plan text, version int) returns timestamptz
language sql stable as $$
  select max(c.window_end)
    from subctl.usage_counters c
   where c.customer_id = $1 and c.closed_at is null and c."window" !~ '^(lifetime|session|each|rolling)'
     and not exists (select 1 from subctl_internal.version_limits($2, $3) l
                      where l.meter_id = c.meter_id and l.win = c."window" and l.scope = c.scope)
$$;
