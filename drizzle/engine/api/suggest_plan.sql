-- Returns the plan to upgrade to (R40): the cheapest active plan with a higher price in the same currency and interval
-- that would have covered the current windows plus `asked` (amounts by meter) and `credits`. Only hard limits count;
-- limits per session and the seats of a group count too. No row if there is none.
create or replace function subctl.suggest_plan(
  customer text, as_of timestamptz, asked jsonb default '{}', credits numeric default null, provider text default null,
  model text default null)
returns table (plan text, name text, version int, price text, currency text, every text)
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  p_customer alias for customer;
  p_as_of alias for as_of;
  p_credits alias for credits;
  p_provider alias for provider;
  p_model alias for model;
  v_asked jsonb := coalesce(asked, '{}');
  v_standing record;
  v_customer record;
  v_plan record;
  v_limit record;
  v_price numeric; v_currency text; v_used numeric; v_spent numeric; v_window tstzrange; v_members int;
  v_covers boolean;
begin
  if subctl_internal.is_bound() then perform subctl_internal.check_bound(array[p_customer]); end if;
  select * into v_standing from subctl_internal.effective_subscription(p_customer, p_as_of);
  if not found or v_standing.plan_id is null then return; end if;
  select s.price, coalesce(s.currency, x.currency) as currency into v_customer
    from subctl.customers x
    left join subctl.subscriptions s on s.customer_id = x.id and s.id = v_standing.subscription_id
   where x.id = p_customer;
  -- the subscription's own price, or the plan's if it changed by dates or there is no subscription
  select r.amount, r.currency into v_price, v_currency from subctl.plan_prices r
   where r.plan_id = v_standing.plan_id and r.version = v_standing.version and r."interval" = v_standing.every
     and r.amount is not null
   order by r.currency = coalesce(v_customer.currency, subctl_internal.setting('cost_currency')) desc, r.currency
     limit 1;
  v_price := coalesce(v_price, v_customer.price, 0);
  v_currency := coalesce(v_customer.currency, v_currency, subctl_internal.setting('cost_currency'));
  select count(*) into v_members from subctl.members m
   where m.customer_id = p_customer and m.joined_at <= p_as_of and (m.left_at is null or m.left_at > p_as_of);
  select coalesce(-sum(x.amount), 0) into v_spent from subctl.credit_entries x
   where x.customer_id = p_customer and x.kind in ('use', 'reversal')
     and x.at >= greatest(v_standing.period_start, v_standing.usage_from) and x.at <= p_as_of;

  for v_plan in
    select x.id, x.name, v.*, r.amount
      from subctl.plans x
      join subctl.plan_versions v on v.plan_id = x.id and v.version = x.current_version
      join subctl.plan_prices r on r.plan_id = v.plan_id and r.version = v.version and r."interval" = v_standing.every
       and r.amount > v_price
     where x.active and x.id <> v_standing.plan_id and (v_currency is null or r.currency = v_currency)
     order by r.amount, x.rank nulls last, x.id
  loop
    continue when v_plan.max_users < v_members;
    continue when v_plan.credits is not null and not v_plan.credits_unlimited and p_credits is not null
      and v_plan.credits < v_spent + p_credits;
    continue when v_plan.credits is null and not v_plan.credits_unlimited and p_credits is not null;
    continue when p_model is not null and v_plan.allowed_models is not null and not exists (
      select 1 from unnest(v_plan.allowed_models) a(pattern)
       where p_model ilike replace(replace(a.pattern, '_', E'\\_'), '*', '%')
          or p_provider || '/' || p_model ilike replace(replace(a.pattern, '_', E'\\_'), '*', '%'));
    v_covers := true;
    for v_limit in
      select x.meter_id, x.win, x.scope, x.lim, k.kind, k.n, m.tier,
             coalesce((v_asked->>x.meter_id)::numeric, 0) as asked
        from subctl_internal.version_limits(v_plan.plan_id, v_plan.version) x
        join subctl.meters m on m.id = x.meter_id
       cross join lateral subctl_internal.window_kind(x.win) k
       where x.lim is not null and x.mode = 'hard'
    loop
      if v_limit.kind in ('each', 'session') then
        v_used := 0;
      elsif v_limit.kind = 'rolling_hour' then
        v_used := subctl_internal.rolling_used(p_customer, v_limit.meter_id, '', p_as_of,
                                               make_interval(hours => v_limit.n),
                                               case when v_limit.tier is distinct from 'free' then v_standing.usage_from
                                                    else '-infinity' end);
      else
        v_window := subctl_internal.limit_window(
          p_customer, v_limit.kind, v_limit.n, v_limit.tier is distinct from 'free' and v_limit.kind <> 'lifetime',
          p_as_of, case when v_standing.basis <> 'default' then v_standing.anchor end, v_standing.anchor_timezone,
          v_standing.period_start, v_standing.period_end, v_standing.usage_from);
        select coalesce((select max(u.used) from subctl.usage_limits(p_customer, p_as_of) u
                          where u.meter_id = v_limit.meter_id and u.win = v_limit.win and u.scope = v_limit.scope),
                        case when v_limit.scope = 'customer' then subctl_internal.recount_usage(
                          p_customer, v_limit.meter_id, null, null, lower(v_window), upper(v_window)) end, 0)
          into v_used;
      end if;
      v_covers := v_covers and v_used + v_limit.asked <= v_limit.lim and (v_limit.lim > 0 or v_limit.asked = 0);
      exit when not v_covers;
    end loop;
    if v_covers then
      return query select v_plan.id, v_plan.name, v_plan.version, trim_scale(v_plan.amount)::text, v_currency,
        v_standing.every;
      return;
    end if;
  end loop;
end $$;
