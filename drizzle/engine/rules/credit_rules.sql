-- Returns what rules of a use that costs credits need in addition: its price and the next grant to spend (R21), for
-- present uses. They are valid no longer than any grant, and not past the next due change. `live_until` is '-infinity'
-- where rules cannot be cached: a grant has expired or is yet to begin, or the ledger has entries after now.
create or replace function subctl_internal.credit_rules(
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
