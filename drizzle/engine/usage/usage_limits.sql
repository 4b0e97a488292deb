-- Returns every limit that applies to a customer at an instant, with the usage in its window that contains the
-- instant: the plan's limit of each meter (null where it only counts), and the customer's own in their place or in
-- addition. Windows are computed by dates, whether or not they are written (R16). `held` are the live reservations. A
-- member's limit has one row for each member with usage in the window.
create or replace function subctl.usage_limits(customer text, as_of timestamptz)
returns table (
  meter_id text, win text, scope text, subject text, used numeric, refused numeric, limit_value numeric,
  enforcement text, window_start timestamptz, window_end timestamptz, percent numeric, source text, held numeric)
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  standing subctl.effective_standing;
  open record;
  rule record;
  continues boolean;   -- an unwritten fallback plan continues windows that were cut (R32)
  is_rolling boolean;
  restarts boolean;
  since timestamptz;   -- since when a rolling limit counts
  bounds tstzrange;
  place int;
begin
  select * into standing from subctl_internal.effective_subscription(customer, as_of);
  if not found or standing.plan_id is null then return; end if;
  continues := standing.basis = 'fallback' and standing.anchor < standing.since;
  select s.ids, s.starts, t.used, s.refused, t.held_until > as_of as has_holds into open
    from subctl.customer_windows s
    join subctl.usage_totals t on t.customer_id = s.customer_id
   where s.customer_id = customer;
  for rule in select * from subctl_internal.limits_in_force(customer, as_of, standing.plan_id, standing.version) loop
    meter_id := rule.meter_id;
    win := rule.win;
    scope := rule.scope;
    limit_value := rule.limit_value;
    enforcement := rule.enforcement;
    source := rule.source;
    subject := '';
    used := 0;
    refused := 0;
    held := 0;
    window_start := null;
    window_end := null;
    is_rolling := rule.kind = 'rolling_hour';
    restarts := rule.tier is distinct from 'free' and rule.kind not in ('lifetime', 'each', 'session');
    if is_rolling then
      since := case when restarts then standing.usage_from else '-infinity' end;
      bounds := tstzrange(as_of - make_interval(hours => rule.n), null);
    elsif rule.kind in ('each', 'session') then
      bounds := null;
    else
      bounds := subctl_internal.limit_window(
        customer, rule.kind, rule.n, restarts, as_of, case when standing.basis <> 'default' then standing.anchor end,
        standing.anchor_timezone, standing.period_start, standing.period_end, standing.usage_from);
      window_start := lower(bounds);
      window_end := upper(bounds);
    end if;

    if scope = 'member' then
      for subject, used, refused in
        select m.member, m.used, m.refused
          from subctl_internal.member_usage(customer, rule.meter_id, rule.win, bounds, as_of,
                                            case when is_rolling then since when continues then 'infinity' end) m
         order by m.member
      loop
        percent := case when limit_value > 0 then used * 100 / limit_value end;
        if open.has_holds then
          held := subctl_internal.reserved_usage(customer, rule.meter_id, subject, null, lower(bounds),
            case when is_rolling then as_of + interval '1 microsecond' else window_end end, as_of);
        end if;
        return next;
      end loop;
      continue;
    end if;

    place := array_position(open.ids, rule.id);
    if is_rolling then
      window_start := lower(bounds);
      used := subctl_internal.rolling_used(customer, rule.meter_id, '', as_of, make_interval(hours => rule.n), since);
      refused := coalesce((
        select c.refused from subctl.usage_counters c
         where c.customer_id = customer and c.meter_id = rule.meter_id and c."window" = rule.win
           and c.scope = rule.scope and c.subject = '' and c.window_start = '-infinity'), 0);
    elsif bounds is not null and place is not null and open.starts[place] = window_start then
      used := open.used[place];
      refused := open.refused[place];
    elsif bounds is not null then
      select c.used + c.adjusted, c.refused into used, refused
        from subctl.window_usage c
       where c.customer_id = customer and c.meter_id = rule.meter_id and c."window" = rule.win and c.scope = 'customer'
         and c.subject = '' and c.window_start = lower(bounds) and not (continues and c.window_end < upper(bounds));
      if not found then
        used := subctl_internal.recount_usage(customer, rule.meter_id, null, null, window_start, window_end);
        refused := 0;
      end if;
    end if;
    percent := case when limit_value > 0 then used * 100 / limit_value end;
    if open.has_holds and window_start is not null then
      held := subctl_internal.reserved_usage(customer, rule.meter_id, null, null,
        case when is_rolling and restarts then greatest(window_start, standing.usage_from) else window_start end,
        coalesce(window_end, as_of + interval '1 microsecond'), as_of);
    end if;
    return next;
  end loop;
end $$;
