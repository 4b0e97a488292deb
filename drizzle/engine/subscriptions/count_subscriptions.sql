-- Maintains the number of live subscriptions of each plan (subscription_counts) for every writer, also SQL of the
-- application. Each statement adds its difference as a new row, so writers do not wait for one another; the sum of a
-- plan's rows is its count. About one statement in a hundred folds the rows.
create or replace function subctl_internal.count_subscriptions() returns trigger
language plpgsql set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_rows int;
begin
  if tg_op = 'INSERT' then
    insert into subctl.subscription_counts (plan_id, subscriptions)
    select n.plan_id, count(*) from new_rows n where n.status in ('trialing', 'active', 'past_due', 'paused')
     group by n.plan_id;
  elsif tg_op = 'DELETE' then
    insert into subctl.subscription_counts (plan_id, subscriptions)
    select o.plan_id, -count(*) from old_rows o where o.status in ('trialing', 'active', 'past_due', 'paused')
     group by o.plan_id;
  else
    insert into subctl.subscription_counts (plan_id, subscriptions)
    select m.plan_id, sum(m.change)
      from (select o.plan_id, -1 as change from old_rows o
             where o.status in ('trialing', 'active', 'past_due', 'paused')
            union all
            select n.plan_id, 1 from new_rows n where n.status in ('trialing', 'active', 'past_due', 'paused')) m
     group by m.plan_id having sum(m.change) <> 0;
  end if;
  get diagnostics v_rows = row_count;
  if v_rows > 0 and random() < 0.01 and current_setting('transaction_isolation') = 'read committed' then
    perform subctl_internal.fold_subscription_counts();
  end if;
  return null;
end $$;

create or replace trigger count_new_subscriptions after insert on subctl.subscriptions
  referencing new table as new_rows for each statement execute function subctl_internal.count_subscriptions();

create or replace trigger count_changed_subscriptions after update on subctl.subscriptions
  referencing old table as old_rows new table as new_rows
  for each statement execute function subctl_internal.count_subscriptions();

create or replace trigger count_deleted_subscriptions after delete on subctl.subscriptions
  referencing old table as old_rows for each statement execute function subctl_internal.count_subscriptions();
