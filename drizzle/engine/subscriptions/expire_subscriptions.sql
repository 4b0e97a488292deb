-- Ends the subscriptions of some customers that are over at an instant, each at its own end, and starts their fallback
-- plan there (end_due_subscriptions). Writes first the credits of earlier cycles and the unwritten periods that began
-- within the grace. Checks again what is due. With `most`, customers with more than about that many rows of credits
-- before the end are left for a later transaction, and so are the credits of the fallback plan. Locks the customers
-- and their subscriptions. Returns the number of subscriptions ended.
create or replace function subctl_internal.expire_subscriptions(
  as_of timestamptz, customers text[], change text, most int default null) returns int
language plpgsql volatile set enable_seqscan = off set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_customers text[] := customers;
begin
  perform subctl_internal.check_write_time(as_of);
  perform subctl_internal.lock_subscriptions(v_customers);
  if most is not null then
    v_customers := array(
      select unnest(v_customers)
      except
      select unnest(subctl_internal.post_credits_first('end', as_of, v_customers, change, most)));
  end if;
  -- the periods that began within the grace, and the plan pending for one of them (R31, R36)
  perform subctl_internal.renew_unpaid(s.customer_id, s.grace_until - interval '1 microsecond', as_of, change)
     from subctl.subscriptions s
    where s.customer_id = any (v_customers) and s.status = 'past_due' and s.current_period_end < s.grace_until
      and s.grace_until <= as_of;
  return subctl_internal.end_due_subscriptions(as_of, v_customers, change, most);
end $$;
