-- Returns the plan that applies after a subscription to `plan` ends: the plan it names, the default plan, or null for
-- none.
create or replace function subctl_internal.fallback_plan(plan text) returns text
language sql stable parallel safe as $$
  select case p.fallback
           when 'plan' then p.fallback_plan_id
           when 'default' then (select d.id from subctl.plans d where d.is_default and d.id <> p.id)
         end
    from subctl.plans p where p.id = $1
$$;
