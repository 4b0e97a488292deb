-- Returns what is left of the paid days of the current period at an instant (R30). Paused time and added days are
-- excluded from both numbers. p_by is days (local dates), days-and-usage (also what is left of the limit on the plan's
-- proration meter, if that is limited) or seconds. `ends` is the end of the paid days; `words` are for an invoice.
create or replace function subctl_internal.rest_of_period(
  p_head subctl.subscriptions, p_at timestamptz, p_by text, out rest numeric, out whole numeric, out ends timestamptz,
  out words text, out usage_rest numeric, out usage_whole numeric)
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_zone text := case when p_by = 'seconds' then 'UTC' else p_head.anchor_timezone end;
  v_starts timestamp := p_head.current_period_start at time zone v_zone;
  v_period tstzrange := subctl_internal.period_at(p_head.anchor, p_head.every, p_head.current_period_start,
                                                  p_head.anchor_timezone);
  v_ends timestamp := upper(v_period) at time zone v_zone;
  v_written timestamp := coalesce(p_head.cut_from, p_head.current_period_end) at time zone v_zone;
  v_paused interval := interval '0';
  v_limit record;
begin
  -- a period that ends where its anchor says was not moved
  if v_written <> v_ends then
    v_paused := subctl_internal.paused_time(p_head.customer_id, p_head.id, p_head.current_period_start, p_at, v_zone);
  end if;
  -- a term cuts the period short; a difference of an hour is a clock change
  if v_written - v_paused < v_ends - interval '2 hours' then v_ends := v_written - v_paused; end if;
  ends := least(subctl_internal.local_instant(v_ends + v_paused, v_zone),
                coalesce(p_head.cut_from, p_head.current_period_end));
  select w.rest, w.whole into rest, whole
    from subctl_internal.unused_share(v_starts, v_ends, p_at at time zone v_zone, v_paused, p_by) w;
  words := format('%s of %s %s not used', trim_scale(rest), trim_scale(whole),
                  case p_by when 'seconds' then p_by else 'days' end);
  usage_rest := 1; usage_whole := 1;
  if p_by <> 'days-and-usage' then return; end if;
  select l.meter_id, l.used, l.limit_value into v_limit
    from subctl.plan_versions v
   cross join lateral subctl.usage_limits(p_head.customer_id, p_at) l
   where v.plan_id = p_head.plan_id and v.version = p_head.version and l.meter_id = v.proration_meter
     and l.scope = 'customer' and l.limit_value > 0 and l.win ~ '^(period|term|every_|month|year)'
   order by array_position(array['period', 'term', 'month', 'year'], l.win) nulls last
   limit 1;
  if not found then return; end if;
  usage_rest := greatest(v_limit.limit_value - v_limit.used, 0);
  usage_whole := v_limit.limit_value;
  words := format('%s, %s of %s %s not used', words, trim_scale(usage_rest), trim_scale(usage_whole), v_limit.meter_id);
end $$;
