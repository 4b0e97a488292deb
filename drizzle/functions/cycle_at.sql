-- The cycle of credits, or of any interval, that contains `at` for what a customer stands on: counted from its anchor, in the period that is
-- written as pauses and given days move it (anchored_window), and on the default
-- plan by the calendar of the customer's zone, whose changes move no cycle under way but to a later end (R4).
create or replace function subctl.cycle_at(customer text, basis text, anchor timestamptz, every text, at timestamptz, tz text) returns tstzrange
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v record;
begin
  v := subctl.interval_parts($4);
  if $2 = 'subscription' then
    return coalesce(
      (select subctl.anchored_window($1, 'anchored_' || v.unit, v.n, $5, $3, $6, s.starts, s.ends)
         from (select x.current_period_start as starts,
                      case when x.status = 'paused' and x.pause_clock = 'stops' and x.resumes_at is null then 'infinity' else x.current_period_end end as ends
                 from subctl.subscriptions x where x.customer_id = $1 and x.anchor = $3 order by x.started_at desc limit 1) s
        where $5 >= s.starts and $5 < s.ends),
      subctl.period_at($3, $4, $5, $6));
  end if;
  if $2 <> 'default' then return subctl.period_at($3, $4, $5, $6); end if;
  return subctl.customer_window($1, 'anchored_' || v.unit, $5, v.n);
end $$;
