-- Ends the rules of customers (end_customer_rules) whose subscriptions change, by one update per statement; customers
-- without totals get them (start_generation).
-- A renewal at the expected end of a period is no such change, because no rules outlive the period. Nested loops are
-- off: the plan of the first statement is cached, which may have had one row, and reused for thousands.
create or replace function subctl_internal.end_changed_rules() returns trigger
language plpgsql set enable_nestloop = off set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_customers text[];
begin
  if tg_op = 'INSERT' then
    v_customers := array(select n.customer_id from new_rows n);
  elsif tg_op = 'DELETE' then
    v_customers := array(select o.customer_id from old_rows o);
  else
    v_customers := array(
      select n.customer_id
        from old_rows o
        join new_rows n on n.customer_id = o.customer_id and n.id = o.id
       where (o.status, o.plan_id, o.version, o.anchor, o.anchor_timezone, o.from_at, o.ends_at, o.ended_at,
              o.collection, o.pending_at, o.pending_plan_id)
               is distinct from
             (n.status, n.plan_id, n.version, n.anchor, n.anchor_timezone, n.from_at, n.ends_at, n.ended_at,
              n.collection, n.pending_at, n.pending_plan_id)
          or n.current_period_start <> o.current_period_end
             and (o.current_period_start, o.current_period_end, o.usage_reset_at, o.epoch)
                   is distinct from (n.current_period_start, n.current_period_end, n.usage_reset_at, n.epoch));
  end if;
  if v_customers <> '{}' then
    with ended as (
      update subctl.usage_totals t set generation = t.generation + 1 where t.customer_id = any (v_customers)
      returning t.customer_id)
    select array_agg(x.customer_id) into v_customers
      from unnest(v_customers) x(customer_id)
     where not exists (select 1 from ended e where e.customer_id = x.customer_id);
    if v_customers is not null then perform subctl_internal.start_generation(v_customers); end if;
  end if;
  return null;
end $$;

create or replace trigger end_rules_of_new after insert on subctl.subscriptions
  referencing new table as new_rows for each statement execute function subctl_internal.end_changed_rules();

create or replace trigger end_rules_of_changed after update on subctl.subscriptions
  referencing old table as old_rows new table as new_rows
  for each statement execute function subctl_internal.end_changed_rules();

create or replace trigger end_rules_of_deleted after delete on subctl.subscriptions
  referencing old table as old_rows for each statement execute function subctl_internal.end_changed_rules();
