-- Returns the window with a limit's name that contains `at`, for reports and explanations. Calendar windows use
-- the customer's zone tz; `period`, `every_…` and `term` the anchor's (R6). It parses text; recording calls
-- window_bounds.
create or replace function subctl_internal.window_of(
  win text, anchor timestamptz, at timestamptz, tz text, anchor_tz text, every text) returns tstzrange
language plpgsql immutable parallel safe set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_kind text;
  v_n int;
begin
  select k.kind, k.n into v_kind, v_n from subctl_internal.window_kind(win, every) k;
  if v_kind = 'period' then
    raise exception 'A period window needs the interval of the subscription' using errcode = 'SB002',
      hint = 'Give it as 30d, 2w, 1mo or 1y.';
  end if;
  return subctl_internal.window_bounds(v_kind, anchor, at, case when v_kind like 'anchored%' then anchor_tz else tz end,
                                       v_n);
end $$;
