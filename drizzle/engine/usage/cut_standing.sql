-- Cuts the windows of a past use at an end or change that the dates give and that is not written, as a written one
-- does. `starts` are those of the customer's open windows; the standing is the present one, or that where the latest
-- of them began.
create or replace function subctl_internal.cut_standing(
  customer text, standing subctl.usage_standing, starts timestamptz[]) returns subctl.usage_standing
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  cut_at timestamptz;
begin
  if standing.at < standing.now and standing.subscription_id is not null then
    cut_at := (select min(u.since)
                 from subctl_internal.pending_transitions(
                   greatest(standing.now, (
                     select max(w.begins) from unnest(starts) w(begins) where isfinite(w.begins))), array[customer]) u
                where u.since > standing.at);
    if cut_at < standing.period_end then standing.period_end := cut_at; end if;
    if cut_at < standing.turns_at or standing.turns_at is null then standing.turns_at := cut_at; end if;
  end if;
  return standing;
end $$;
