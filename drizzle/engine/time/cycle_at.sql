-- Returns the credit cycle, or the cycle of any interval, that contains p_at. For a subscription it counts from its
-- anchor, in the period as pauses and added days move it (anchored_window). On the default plan it follows the
-- calendar of the customer's zone; a change of zone moves a current cycle only to a later end (R4).
create or replace function subctl_internal.cycle_at(
  p_customer text, p_basis text, p_anchor timestamptz, p_every text, p_at timestamptz, p_zone text) returns tstzrange
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_parts record;
begin
  v_parts := subctl_internal.interval_parts(p_every);
  if p_basis = 'subscription' then
    return coalesce(
      (select subctl_internal.anchored_window(p_customer, 'anchored_' || v_parts.unit, v_parts.n, p_at, p_anchor,
                                              p_zone, s.starts, s.ends)
         from (select x.current_period_start as starts,
                      case when x.status = 'paused' and x.pause_clock = 'stops'
                             and x.resumes_at is null then 'infinity' else x.current_period_end end as ends
                 from subctl.subscriptions x where x.customer_id = p_customer and x.anchor = p_anchor
                order by x.started_at desc limit 1) s
        where p_at >= s.starts and p_at < s.ends),
      subctl_internal.period_at(p_anchor, p_every, p_at, p_zone));
  end if;
  if p_basis <> 'default' then return subctl_internal.period_at(p_anchor, p_every, p_at, p_zone); end if;
  return subctl_internal.customer_window(p_customer, 'anchored_' || v_parts.unit, p_at, v_parts.n);
end $$;
