-- Returns the window of a limit that contains p_at: calendar, anchored, the billing period, the term, or without end.
-- On the default plan p_anchor is null and anchored windows follow the customer's zone. A meter that restarts with the
-- subscription (p_restarts) counts from p_usage_from and never beyond the period. Recording and reports both use this
-- function.
create or replace function subctl_internal.limit_window(
  p_customer text, p_kind text, p_count int, p_restarts boolean, p_at timestamptz, p_anchor timestamptz,
  p_anchor_zone text, p_period_start timestamptz, p_period_end timestamptz, p_usage_from timestamptz) returns tstzrange
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_window tstzrange;
begin
  if p_kind = 'term' then
    v_window := subctl_internal.term_window(p_customer, p_at);
    if v_window is not null then return v_window; end if;
  end if;
  v_window := case
    when p_kind in ('period', 'term') then tstzrange(p_period_start, p_period_end)
    when p_kind like 'anchored%' and p_anchor is not null
      then subctl_internal.anchored_window(p_customer, p_kind, p_count, p_at, p_anchor, p_anchor_zone, p_period_start,
                                           p_period_end)
    when p_kind in ('lifetime', 'session') then tstzrange('-infinity', 'infinity')
    else subctl_internal.customer_window(p_customer, p_kind, p_at, p_count) end;
  if p_restarts then
    v_window := tstzrange(greatest(lower(v_window), p_usage_from), least(upper(v_window), p_period_end));
  end if;
  return v_window;
end $$;
