-- What rules of a use that costs credits need beside the others: its price and the grant whose turn it is (R21), for
-- uses of now. They hold no longer than any grant lives, nor past what falls due next. `live_until` is '-infinity'
-- where no rules can be kept: a grant that has outlived its time or is yet to begin, or a ledger that goes on after
-- now.
create or replace function subctl.credit_rules(
  made subctl.customer_priced_rules, standing subctl.usage_standing, credit_cost numeric, credits_due_at timestamptz)
  returns subctl.customer_priced_rules
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_odd boolean;
  v_expires timestamptz;
begin
  select bool_or(g.expires_at <= standing.now or g.granted_at > standing.now), min(g.expires_at),
         (array_agg(g.id order by g.priority, g.expires_at nulls last, g.granted_at, g.id))[1]
    into v_odd, v_expires, made.grant_id
    from subctl.credit_grants g
   where g.customer_id = made.customer_id and g.expired_at is null and g.remaining > 0;
  made.credit_cost := credit_cost;
  made.live_from := standing.now;
  made.live_until := case when made.grant_id is null or v_odd or exists (
      select from subctl.credit_entries e where e.customer_id = made.customer_id and e.at > standing.now)
    then '-infinity' else least(made.live_until, v_expires, credits_due_at) end;
  return made;
end $$;
