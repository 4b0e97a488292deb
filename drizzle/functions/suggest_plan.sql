-- The plan to go to (R40): the cheapest active one with a higher price in the same currency and interval that would also have covered what
-- was used in the windows under way and what is asked beside it: `asked` is an object of amounts by meter, `credits` what the use costs in credits.
-- No row where there is none. Only hard limits stop anybody; limits per session and the seats of a group are looked at too.
create or replace function subctl.suggest_plan(
  customer text, as_of timestamptz, asked jsonb default '{}', credits numeric default null, provider text default null, model text default null)
returns table (plan text, name text, version int, price text, currency text, every text)
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
declare
  v_asked jsonb := coalesce($3, '{}');
  e record; c record; p record; l record;
  v_price numeric; v_currency text; v_used numeric; v_spent numeric; v_window tstzrange; v_members int; v_covers boolean;
begin
  select * into e from subctl.effective_subscription($1, $2);
  if not found or e.plan_id is null then return; end if;
  select s.price, coalesce(s.currency, x.currency) as currency into c
    from subctl.customers x left join subctl.subscriptions s on s.customer_id = x.id and s.id = e.subscription_id where x.id = $1;
  -- the price of what holds then: the head's own, or the plan's where it changed by dates or nobody has a subscription
  select r.amount, r.currency into v_price, v_currency from subctl.plan_prices r
   where r.plan_id = e.plan_id and r.version = e.version and r."interval" = e.every and r.amount is not null
   order by r.currency = coalesce(c.currency, subctl.setting('cost_currency')) desc, r.currency limit 1;
  v_price := coalesce(v_price, c.price, 0);
  v_currency := coalesce(c.currency, v_currency, subctl.setting('cost_currency'));
  select count(*) into v_members from subctl.members m where m.customer_id = $1 and m.joined_at <= $2 and (m.left_at is null or m.left_at > $2);
  select coalesce(-sum(x.amount), 0) into v_spent from subctl.credit_entries x
   where x.customer_id = $1 and x.kind in ('use', 'reversal') and x.at >= greatest(e.period_start, e.usage_from) and x.at <= $2;

  for p in
    select x.id, x.name, v.*, r.amount
      from subctl.plans x
      join subctl.plan_versions v on v.plan_id = x.id and v.version = x.current_version
      join subctl.plan_prices r on r.plan_id = v.plan_id and r.version = v.version and r."interval" = e.every and r.amount > v_price
     where x.active and x.id <> e.plan_id and (v_currency is null or r.currency = v_currency)
     order by r.amount, x.rank nulls last, x.id
  loop
    continue when p.max_users < v_members;
    continue when p.credits is not null and not p.credits_unlimited and $4 is not null and p.credits < v_spent + $4;
    continue when p.credits is null and not p.credits_unlimited and $4 is not null;
    continue when $6 is not null and p.allowed_models is not null and not exists (
      select 1 from unnest(p.allowed_models) a(pattern)
       where $6 ilike replace(replace(a.pattern, '_', E'\\_'), '*', '%') or $5 || '/' || $6 ilike replace(replace(a.pattern, '_', E'\\_'), '*', '%'));
    v_covers := true;
    for l in
      select x.meter_id, x.win, x.scope, x.lim, k.kind, k.n, m.tier, coalesce((v_asked->>x.meter_id)::numeric, 0) as asked
        from subctl.version_limits(p.plan_id, p.version) x
        join subctl.meters m on m.id = x.meter_id
       cross join lateral subctl.window_kind(x.win) k
       where x.lim is not null and x.mode = 'hard'
    loop
      if l.kind in ('each', 'session') then
        v_used := 0;
      elsif l.kind = 'rolling_hour' then
        v_used := subctl.rolling_used($1, l.meter_id, '', $2, make_interval(hours => l.n), case when l.tier is distinct from 'free' then e.usage_from else '-infinity' end);
      else
        v_window := subctl.limit_window($1, l.kind, l.n, l.tier is distinct from 'free' and l.kind <> 'lifetime', $2, case when e.basis <> 'default' then e.anchor end, e.anchor_timezone, e.period_start, e.period_end, e.usage_from);
        select coalesce((select max(u.used) from subctl.usage_limits($1, $2) u where u.meter_id = l.meter_id and u.win = l.win and u.scope = l.scope),
                        case when l.scope = 'customer' then subctl.recount_usage($1, l.meter_id, null, null, lower(v_window), upper(v_window)) end, 0) into v_used;
      end if;
      v_covers := v_covers and v_used + l.asked <= l.lim and (l.lim > 0 or l.asked = 0);
      exit when not v_covers;
    end loop;
    if v_covers then
      return query select p.id, p.name, p.version, trim_scale(p.amount)::text, v_currency, e.every;
      return;
    end if;
  end loop;
end $$;
