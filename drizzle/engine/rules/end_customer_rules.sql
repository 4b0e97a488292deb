-- Ends a customer's rules (customer_rules, customer_priced_rules) whenever something changes that they were made from,
-- also by SQL of the application. Subscriptions have end_changed_rules, because tasks change many at once. A customer
-- without totals gets them here, so that a concurrent first use waits for this change too.
create or replace function subctl_internal.end_customer_rules() returns trigger
language plpgsql set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_customer text;
begin
  if tg_table_name = 'customers' then
    v_customer := new.id;
  elsif tg_op = 'DELETE' then
    v_customer := old.customer_id;
  else
    v_customer := new.customer_id;
  end if;
  update subctl.usage_totals t set generation = t.generation + 1 where t.customer_id = v_customer;
  if not found then perform subctl_internal.start_generation(array[v_customer]); end if;
  return null;
end $$;

create or replace trigger end_customer_rules after update on subctl.customers
  for each row when ((old.disabled_at, old.timezone, old.has_overrides)
                     is distinct from (new.disabled_at, new.timezone, new.has_overrides))
  execute function subctl_internal.end_customer_rules();

create or replace trigger end_customer_rules after insert or update or delete on subctl.customer_zones
  for each row execute function subctl_internal.end_customer_rules();

create or replace trigger end_customer_rules after insert or update or delete on subctl.limit_overrides
  for each row execute function subctl_internal.end_customer_rules();

-- rules end before a plan's next grant is due, and spending a used-up or expired grant detects that
create or replace trigger end_customer_rules after insert on subctl.credit_grants
  for each row when (new.source not in ('plan', 'rollover', 'reset'))
  execute function subctl_internal.end_customer_rules();

create or replace trigger end_customer_rules_on_change after update of priority, granted_at, expires_at
  on subctl.credit_grants for each row execute function subctl_internal.end_customer_rules();

create or replace trigger end_customer_rules after insert or delete on subctl.invoices
  for each row execute function subctl_internal.end_customer_rules();

create or replace trigger end_customer_rules_on_change after update on subctl.invoices
  for each row when ((old.status, old.due_at) is distinct from (new.status, new.due_at))
  execute function subctl_internal.end_customer_rules();
