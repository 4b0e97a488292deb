-- Finds a customer's standing at the instant of a use: subscription, plan version, period, and since when paid meters
-- count; or the refusal. In the common case the row of the live subscription is enough (`is_simple`): the instant lies
-- in its written period, within a day of now, and nothing is overdue. All other cases are left to examine_standing.
create or replace function subctl_internal.find_standing(request subctl.usage_request, standing subctl.usage_standing)
returns subctl.usage_standing
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
begin
  select s.id, s.plan_id, s.version, s.anchor, s.anchor_timezone, s.current_period_start, s.current_period_end,
         s.usage_reset_at, s.epoch, c.has_overrides, false, false
    into standing.subscription_id, standing.plan_id, standing.version, standing.anchor, standing.anchor_timezone,
         standing.period_start, standing.period_end, standing.usage_from, standing.epoch, standing.has_overrides,
         standing.is_late, standing.is_new
    from subctl.customers c
    join subctl.subscriptions s
      on s.customer_id = c.id and s.status in ('trialing', 'active', 'past_due', 'paused')
   where c.id = request.customer and s.customer_id = request.customer and c.disabled_at is null
     and request.member is null and s.status in ('trialing', 'active')
     and standing.at >= s.from_at and standing.at >= s.current_period_start and standing.at >= s.usage_reset_at
     and standing.at < s.current_period_end
     and standing.at between standing.now - interval '24 hours' and standing.now + interval '5 minutes'
     and (s.collection <> 'invoice' or not exists (
       select 1 from subctl.invoices i
        where i.customer_id = request.customer and i.subscription_id = s.id and i.status = 'open'
          and i.due_at <= standing.at));
  standing.is_simple := found;
  if not standing.is_simple then return subctl_internal.examine_standing(request, standing); end if;
  return standing;
end $$;
