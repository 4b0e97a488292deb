-- What is left at an instant of the period under way, of the days that were paid for: time for which the clock stood
-- still and days that were given are in neither number (R30). `by` is days (local dates), days-and-usage (what is
-- left of the limit on the plan's proration meter counts too, where that is capped) or seconds. `ends` is until when
-- the paid days run; `words` are for an invoice.
create or replace function subctl.rest_of_period(
  s subctl.subscriptions, at timestamptz, by text,
  out rest numeric, out whole numeric, out ends timestamptz, out words text,
  out usage_rest numeric, out usage_whole numeric)
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_zone text := case when by = 'seconds' then 'UTC' else s.anchor_timezone end;
  v_starts timestamp := s.current_period_start at time zone v_zone;
  v_period tstzrange := subctl.period_at(s.anchor, s.every, s.current_period_start, s.anchor_timezone);
  v_ends timestamp := upper(v_period) at time zone v_zone;
  v_written timestamp := coalesce(s.cut_from, s.current_period_end) at time zone v_zone;
  v_paused interval := interval '0';
  u record;
begin
  -- a period that ends where its anchor says was moved by nothing
  if v_written <> v_ends then
    v_paused := subctl.paused_time(s.customer_id, s.id, s.current_period_start, at, v_zone);
  end if;
  -- a term cuts the period short; an hour is only that clocks change
  if v_written - v_paused < v_ends - interval '2 hours' then v_ends := v_written - v_paused; end if;
  ends := least(subctl.local_instant(v_ends + v_paused, v_zone), coalesce(s.cut_from, s.current_period_end));
  select w.rest, w.whole into rest, whole
    from subctl.unused_share(v_starts, v_ends, at at time zone v_zone, v_paused, by) w;
  words := format('%s of %s %s not used', trim_scale(rest), trim_scale(whole),
                  case by when 'seconds' then by else 'days' end);
  usage_rest := 1; usage_whole := 1;
  if by <> 'days-and-usage' then return; end if;
  select l.meter_id, l.used, l.limit_value into u
    from subctl.plan_versions v
   cross join lateral subctl.usage_limits(s.customer_id, at) l
   where v.plan_id = s.plan_id and v.version = s.version and l.meter_id = v.proration_meter and l.scope = 'customer'
     and l.limit_value > 0 and l.win ~ '^(period|term|every_|month|year)'
   order by array_position(array['period', 'term', 'month', 'year'], l.win) nulls last
   limit 1;
  if not found then return; end if;
  usage_rest := greatest(u.limit_value - u.used, 0);
  usage_whole := u.limit_value;
  words := format('%s, %s of %s %s not used', words, trim_scale(usage_rest), trim_scale(usage_whole), u.meter_id);
end $$;
