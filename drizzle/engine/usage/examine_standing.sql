-- Finds a customer's standing where the row of the live subscription alone does not give it (find_standing). Refuses,
-- in this order: an unknown customer, an instant ahead of now (R14) or too far behind it (R13), a person who is not a
-- member (R20). With the setting auto_create the first use creates the customer; a check decides as for the customer
-- that would be created (`is_new`). With members.auto_add the first use adds the member. Writes nothing else.
create or replace function subctl_internal.examine_standing(
  request subctl.usage_request, standing subctl.usage_standing)
returns subctl.usage_standing
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  records boolean := request.mode not in ('check', 'check_all');
  customer record;
  live subctl.subscriptions;
  is_known boolean;
begin
  standing.is_late := false;
  standing.is_new := false;
  if records then perform subctl_internal.check_write_time(standing.now); end if;
  select c.disabled_at, c.has_overrides, s as live,
         case when s.collection = 'invoice' then (
           select min(i.due_at) from subctl.invoices i
            where i.customer_id = request.customer and i.subscription_id = s.id and i.status = 'open') end as overdue
    into customer
    from subctl.customers c
    left join subctl.subscriptions s
      on s.customer_id = request.customer and s.status in ('trialing', 'active', 'past_due', 'paused')
   where c.id = request.customer;
  is_known := found;
  live := customer.live;
  standing.has_overrides := customer.has_overrides;
  if not is_known and subctl_internal.setting('auto_create') = 'true'
     and exists (select 1 from subctl.plans p where p.is_default) then
    if records then
      perform subctl_internal.create_customer(request.customer, standing.now, 'first use');
      perform subctl_internal.lock_customers(array[request.customer]);
      return subctl_internal.find_standing(request, standing);
    end if;
    is_known := true;
    standing.is_new := true;
  end if;

  if not is_known then
    standing.refusal := subctl_internal.refuse_usage(request.customer, request.kind, standing.at, 'no_customer',
      format('There is no customer %s', request.customer));
  elsif standing.at > standing.now + interval '5 minutes' then
    standing.refusal := subctl_internal.refuse_usage(request.customer, request.kind, standing.at, 'in_future',
      format('%s is more than 5 minutes after now, %s', subctl_internal.iso(standing.at),
             subctl_internal.iso(standing.now)));
  elsif standing.at < standing.now - interval '24 hours'
    and standing.at < standing.now - make_interval(
      hours => 24 * coalesce(subctl_internal.setting('lateness_days')::int, 35)) then
    standing.refusal := subctl_internal.refuse_usage(request.customer, request.kind, standing.at, 'too_old',
      format('%s is more than %s days before now, %s', subctl_internal.iso(standing.at),
             coalesce(subctl_internal.setting('lateness_days'), '35'), subctl_internal.iso(standing.now)));
  elsif request.member is not null
    and not exists (
      select 1 from subctl.members m
       where m.customer_id = request.customer and m.member_id = request.member and m.joined_at <= standing.at
         and (m.left_at is null or m.left_at > standing.at))
    and not subctl_internal.auto_add_member(request.customer, request.member, standing.at, standing.now, records) then
    standing.refusal := subctl_internal.refuse_usage(request.customer, request.kind, standing.at, 'no_member',
      format('%s is not a member of %s', request.member, request.customer));
  elsif standing.is_new then
    standing := subctl_internal.stand_on_default(request.customer, standing);
  elsif live.status in ('active', 'trialing') and standing.at >= live.from_at
    and standing.at >= live.current_period_start and standing.at >= live.usage_reset_at
    and standing.at < live.current_period_end and customer.disabled_at is null
    and (customer.overdue is null or standing.at < customer.overdue) then
    standing.subscription_id := live.id;
    standing.plan_id := live.plan_id;
    standing.version := live.version;
    standing.anchor := live.anchor;
    standing.anchor_timezone := live.anchor_timezone;
    standing.period_start := live.current_period_start;
    standing.period_end := live.current_period_end;
    standing.usage_from := live.usage_reset_at;
    standing.epoch := live.epoch;
  else
    standing := subctl_internal.stand_by_dates(request, standing, live);
  end if;
  return standing;
end $$;
