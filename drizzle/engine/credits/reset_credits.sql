-- Runs the personal reset of some customers: expires credits, posts rollovers and plan grants of all periods that have
-- begun, and closes ended windows of their own period. Checks again what is due. With p_most it writes about that many
-- rows for each customer, and a customer with more is not finished (pending_resets). Returns the number of finished
-- customers with changes. Locks the customers.
create or replace function subctl_internal.reset_credits(
  p_as_of timestamptz, p_customers text[], p_change text, p_most int default null) returns int
language plpgsql volatile set enable_seqscan = off set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_expired text[];
  v_ended text[];
begin
  perform subctl_internal.lock_customers(p_customers);
  v_expired := array(select g.customer_id from subctl.credit_grants g
                      where g.customer_id = any (p_customers) and g.expired_at is null and g.expires_at <= p_as_of);
  v_ended := array(
    select w.customer_id from subctl.open_slots w
     where w.customer_id = any (p_customers) and w.next_end <= p_as_of and w.window_end <= p_as_of and w.personal
    union all
    select w.customer_id from subctl.open_rows w
     where w.customer_id = any (p_customers) and w.window_end <= p_as_of and w.personal);
  perform subctl_internal.post_due_credits(p_customers, p_as_of, p_change, p_most);
  if v_ended <> '{}' then
    perform subctl_internal.close_windows(p_as_of, v_ended, p_change, true, p_most * cardinality(p_customers));
  end if;
  return (select count(*) from (
    (select unnest(v_expired) union select unnest(v_ended))
    except select b.customer_id from subctl_internal.pending_resets(p_customers, p_as_of) b
      where p_most is not null) d);
end $$;
