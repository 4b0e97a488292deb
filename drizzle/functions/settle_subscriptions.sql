-- Writes what the tasks have not written yet about some customers' subscriptions: ends that have come, renewals, trials that are over, changes
-- that were waiting, each at its true instant. Whoever changes a subscription, or settles what it owes, builds on that. Locks the customers.
create or replace function subctl.settle_subscriptions(as_of timestamptz, customers text[], change text) returns void
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
begin
  perform subctl.check_write_time($1);
  loop
    exit when subctl.expire_subscriptions($1, $2, $3) + subctl.renew_subscriptions($1, $2, $3) = 0;
  end loop;
end $$;
