-- Posts the credits that are due before the next step of some customers' subscriptions (due_transitions), about p_most
-- rows for each. Returns the customers with more to write; their step waits for a later transaction (R36).
create or replace function subctl_internal.post_credits_first(
  p_kind text, p_as_of timestamptz, p_customers text[], p_change text, p_most int) returns text[]
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_behind text[] := '{}';
  v_turn record;
begin
  for v_turn in
    select d.customer_id, min(d.due_at) - interval '1 microsecond' as until
      from subctl_internal.due_transitions(p_kind, p_as_of, p_customers) d
     group by d.customer_id
    having exists (select 1 from subctl_internal.pending_credit_expiries(array[d.customer_id],
      min(d.due_at) - interval '1 microsecond'))
  loop
    if subctl_internal.post_due_credits(array[v_turn.customer_id], v_turn.until, p_change, p_most) > 0
       and exists (select 1 from subctl_internal.pending_credit_expiries(array[v_turn.customer_id], v_turn.until)) then
      v_behind := v_behind || v_turn.customer_id;
    end if;
  end loop;
  return v_behind;
end $$;
