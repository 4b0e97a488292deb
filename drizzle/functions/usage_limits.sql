-- Every limit that holds for a customer at an instant, with what was used in its window that contains the instant: the plan's for each
-- meter (counted only: a null limit), the customer's own in their place or beside them. Windows are computed by dates, whether or not
-- anybody wrote them (R16). `held` is what live reservations hold beside it. Member limits have one row for each member who used something in the window.
create or replace function subctl.usage_limits(customer text, as_of timestamptz)
returns table (meter_id text, win text, scope text, subject text, used numeric, refused numeric, limit_value numeric, enforcement text,
               window_start timestamptz, window_end timestamptz, percent numeric, source text, held numeric)
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
declare
  e record;
  s record;
  l record;
  v_restarts boolean;
  v_window tstzrange;
  v_slot int;
  v_again boolean;   -- a fallback plan that nobody has written goes on with windows that were cut (R32)
begin
  select * into e from subctl.effective_subscription($1, $2);
  if not found or e.plan_id is null then return; end if;
  v_again := e.basis = 'fallback' and e.anchor < e.since;
  select x.ids, x.starts, t.used, x.refused, x.held_until > $2 as holding into s
    from subctl.usage_state x join subctl.usage_totals t on t.customer_id = x.customer_id where x.customer_id = $1;
  for l in
    with planned as (
      select distinct on (u.meter_id, u.win, u.scope) u.id, u.meter_id, u.win, u.win_kind, u.win_n, u.scope, u.lim, u.mode, u.tier
        from subctl.plan_rules r
       cross join lateral unnest(r.ids, r.meter_ids, r.wins, r.win_kinds, r.win_ns, r.scopes, r.lims, r.modes, r.tiers)
             u(id, meter_id, win, win_kind, win_n, scope, lim, mode, tier)
       where r.plan_id = e.plan_id and r.version = e.version
       order by u.meter_id, u.win, u.scope
    ), own as (
      select distinct on (o.meter_id, o."window", o.scope) o.meter_id, o."window" as win, o.scope, o.limit_value, true as own
        from subctl.limit_overrides o
       where o.customer_id = $1 and o.starts_at <= $2 and (o.ends_at is null or o.ends_at > $2)
       order by o.meter_id, o."window", o.scope, o.starts_at desc
    )
    select coalesce(p.id, w.id) as id, b.meter_id, b.win, b.scope, k.kind as win_kind, k.n as win_n, m.tier, coalesce(p.mode, 'hard') as mode,
           case when o.own then o.limit_value else p.lim end as lim, case when o.own then 'override' else 'plan' end as source
      from planned p
      full join own o on o.meter_id = p.meter_id and o.win = p.win and o.scope = p.scope
     cross join lateral (select coalesce(p.meter_id, o.meter_id) as meter_id, coalesce(p.win, o.win) as win, coalesce(p.scope, o.scope) as scope) b
      join subctl.meters m on m.id = b.meter_id
      left join subctl.meter_windows w on w.meter_id = b.meter_id and w."window" = b.win and w.scope = b.scope
     cross join lateral subctl.window_kind(b.win) k
     order by b.meter_id collate "C", b.win collate "C", b.scope
  loop
    meter_id := l.meter_id; win := l.win; scope := l.scope; limit_value := l.lim; enforcement := l.mode; source := l.source; subject := '';
    used := 0; refused := 0; held := 0; window_start := null; window_end := null;
    v_restarts := l.tier is distinct from 'free' and l.win_kind not in ('lifetime', 'each', 'session');
    if l.win_kind = 'rolling_hour' and l.scope = 'customer' then
      window_start := $2 - make_interval(hours => l.win_n);
      used := subctl.rolling_used($1, l.meter_id, '', $2, make_interval(hours => l.win_n), case when v_restarts then e.usage_from else '-infinity' end);
      refused := coalesce((select c.refused from subctl.usage_counters c where c.customer_id = $1 and c.meter_id = l.meter_id and c."window" = l.win
                              and c.scope = l.scope and c.subject = '' and c.window_start = '-infinity'), 0);
    elsif l.win_kind not in ('each', 'session', 'rolling_hour') then
      v_window := subctl.limit_window($1, l.win_kind, l.win_n, v_restarts, $2, case when e.basis <> 'default' then e.anchor end, e.anchor_timezone, e.period_start, e.period_end, e.usage_from);
      window_start := lower(v_window); window_end := upper(v_window);
      v_slot := array_position(s.ids, l.id);
      if l.scope = 'customer' and v_slot is not null and s.starts[v_slot] = window_start then
        used := s.used[v_slot]; refused := s.refused[v_slot];
      elsif l.scope = 'customer' then
        select c.used + c.adjusted, c.refused into used, refused
          from subctl.window_usage c where c.customer_id = $1 and c.meter_id = l.meter_id and c."window" = l.win and c.scope = 'customer' and c.subject = ''
           and c.window_start = lower(v_window) and not (v_again and c.window_end < upper(v_window));
        if not found then
          used := subctl.recount_usage($1, l.meter_id, null, null, window_start, window_end);
          refused := 0;
        end if;
      end if;
    end if;
    percent := case when limit_value > 0 then used * 100 / limit_value end;
    if s.holding and l.scope = 'customer' and window_start is not null then
      held := subctl.held_usage($1, l.meter_id, null, null, case when l.win_kind = 'rolling_hour' and v_restarts then greatest(window_start, e.usage_from) else window_start end,
                                coalesce(window_end, $2 + interval '1 microsecond'), $2);
    end if;
    if l.scope = 'customer' then return next; continue; end if;
    -- members: those who have used something in it
    for subject, used, refused in
      select c.subject, c.used + c.adjusted, c.refused from subctl.window_usage c
       where l.win_kind <> 'rolling_hour' and c.customer_id = $1 and c.meter_id = l.meter_id and c."window" = l.win and c.scope = 'member'
         and c.window_start = lower(v_window) and not (v_again and c.window_end < upper(v_window))
      union all   -- the limit has begun in the midst of the window, and they have used something before
      select d.member_id, x.used, 0
        from subctl.members d
       cross join lateral (
         select subctl.recount_usage($1, l.meter_id, d.member_id, null, lower(v_window), upper(v_window)) as used
          where not exists (select from subctl.usage_counters c where c.customer_id = $1 and c.meter_id = l.meter_id and c."window" = l.win
                               and c.scope = 'member' and c.subject = d.member_id and c.window_start = lower(v_window)
                                   and not (v_again and c.window_end < upper(v_window)))) x
       where l.win_kind not in ('rolling_hour', 'each', 'session') and d.customer_id = $1 and x.used > 0
      union all
      select d.member_id, subctl.rolling_used($1, l.meter_id, d.member_id, $2, make_interval(hours => l.win_n), case when v_restarts then e.usage_from else '-infinity' end), 0
        from subctl.members d where l.win_kind = 'rolling_hour' and d.customer_id = $1
       order by 1
    loop
      percent := case when limit_value > 0 then used * 100 / limit_value end;
      held := case when s.holding then subctl.held_usage($1, l.meter_id, subject, null,
                case when l.win_kind = 'rolling_hour' then $2 - make_interval(hours => l.win_n) else lower(v_window) end,
                case when l.win_kind = 'rolling_hour' then $2 + interval '1 microsecond' else upper(v_window) end, $2) else 0 end;
      return next;
    end loop;
  end loop;
end $$;
