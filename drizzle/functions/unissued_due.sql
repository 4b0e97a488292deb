-- When the invoice is due that a subscription would have been sent for the period that runs at `at`, and nobody has issued: null where it is
-- not due yet, and where that period is given away. `next` is from where those periods are counted. Net days count from the period's start,
-- or from when its customer was no longer past due.
create or replace function subctl.unissued_due(s subctl.subscriptions, next timestamptz, at timestamptz) returns timestamptz
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_every text := coalesce(s.pending_every, s.every);
  v_index int := subctl.period_index($2, v_every, $3, s.anchor_timezone);
  v_due timestamptz;
begin
  if v_index - subctl.period_index($2, v_every, s.current_period_end, s.anchor_timezone) < s.complimentary_periods then return null; end if;
  select greatest(subctl.period_start($2, v_every, v_index, s.anchor_timezone), s.from_at) + make_interval(hours => 24 * v.net_days) into v_due
    from subctl.plan_versions v where v.plan_id = coalesce(s.pending_plan_id, s.plan_id) and v.version = coalesce(s.pending_version, s.version);
  return case when v_due <= $3 then v_due end;
end $$;
