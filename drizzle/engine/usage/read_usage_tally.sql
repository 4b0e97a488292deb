-- Reads a customer's open windows for a use. `is_stale`: they belong to another subscription, epoch or plan version
-- than the present standing. `has_history`: there may be events that a new limit has not counted. `has_holds`: there
-- are other reservations; a use that has happened ignores them. The caller holds the customer's row, except in a
-- check.
create or replace function subctl_internal.read_usage_tally(
  customer text, standing subctl.usage_standing, already_spent boolean) returns subctl.usage_tally
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  tally subctl.usage_tally;
begin
  select s.subscription_id, s.epoch, s.plan_id, s.version, s.uncounted_until, s.ids, s.starts, s.ends, t.used,
    s.refused,
         s.credits_due_at, t.generation, t.held_until > standing.now and not read_usage_tally.already_spent,
         s.plan_id is not null or s.epoch <> 0 or cardinality(s.ids) > 0,
         not standing.is_late
           and (s.subscription_id is distinct from standing.subscription_id or s.epoch is distinct from standing.epoch
                or s.plan_id is distinct from standing.plan_id or s.version is distinct from standing.version),
         false, false, null::subctl.usage_count[], false
    into tally
    from subctl.customer_windows s
    join subctl.usage_totals t on t.customer_id = customer
   where s.customer_id = customer;
  if not found then   -- a customer that the first use would create
    tally.ids := '{}';
    tally.is_stale := not standing.is_late;
  end if;
  return tally;
end $$;
