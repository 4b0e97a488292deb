-- Writes what the tasks have not written yet about some customers' subscriptions: ends, renewals, ended trials,
-- pending changes, each at its true instant. Commands that change or settle a subscription build on that. Locks the
-- customers.
create or replace function subctl_internal.settle_subscriptions(
  p_as_of timestamptz, p_customers text[], p_change text) returns void
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
begin
  perform subctl_internal.check_write_time(p_as_of);
  loop
    exit when subctl_internal.expire_subscriptions(p_as_of, p_customers, p_change)
      + subctl_internal.renew_subscriptions(p_as_of,
        p_customers, p_change) = 0;
  end loop;
end $$;
