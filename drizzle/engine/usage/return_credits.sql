-- Returns the credits of a use to the grants that they came from (R21), except to expired ones, which are not revived
-- (R22). Returns the returned and the expired amount, and the grants in the order in which they were spent. Ends the
-- customer's rules, since a refilled grant may be next. The caller holds the customer's row and has posted due
-- credits.
create or replace function subctl_internal.return_credits(
  p_customer text, p_event uuid, p_reversal uuid, p_at timestamptz, p_reason text, p_change text) returns jsonb
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  taken record;
  is_alive boolean;
  last_entry bigint;
  balance numeric;
  back numeric := 0;
  lost numeric := 0;
  grants jsonb := '[]';
begin
  select e.id, e.balance_after into last_entry, balance
    from subctl.credit_entries e where e.customer_id = p_customer order by e.id desc limit 1;
  for taken in
    select e.grant_id, -e.amount as amount, g.source, g.expires_at, g.expired_at
      from subctl.credit_entries e
      join subctl.credit_grants g on g.customer_id = p_customer and g.id = e.grant_id
     where e.customer_id = p_customer and e.event_id = p_event and e.kind = 'use'
     order by e.id
  loop
    is_alive := taken.expired_at is null and (taken.expires_at is null or taken.expires_at > p_at);
    if is_alive then
      last_entry := last_entry + 1;
      balance := balance + taken.amount;
      back := back + taken.amount;
      update subctl.credit_grants g set remaining = g.remaining + taken.amount
       where g.customer_id = p_customer and g.id = taken.grant_id;
      insert into subctl.credit_entries (
        customer_id, id, grant_id, at, kind, amount, balance_after, event_id, reason, change_id)
      values (p_customer, last_entry, taken.grant_id, p_at, 'reversal', taken.amount, balance, p_reversal, p_reason,
              p_change);
    else
      lost := lost + taken.amount;
    end if;
    grants := grants || jsonb_build_object(
      'grant', taken.grant_id, 'source', taken.source, 'amount', trim_scale(taken.amount)::text,
      'given_back', is_alive, 'expires_at', subctl_internal.iso(taken.expires_at));
  end loop;
  update subctl.usage_totals t set generation = t.generation + 1 where t.customer_id = p_customer;
  return jsonb_build_object(
    'given_back', trim_scale(back)::text, 'expired', trim_scale(lost)::text, 'grants', grants);
end $$;
