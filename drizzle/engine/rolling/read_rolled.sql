-- Reads again the content of a customer's rolling windows that end at an instant (usage_totals.rolled) from the
-- running totals (R7). For a meter that restarts with the subscription it is the usage since the restart. Null, so
-- that the use must be decided, for a meter without running totals and for a use before the restart. The result is
-- valid from the restart until the next use leaves a window. The caller holds the customer's row.
create or replace function subctl_internal.read_rolled(
  p_customer text, p_rolled numeric[], p_at timestamptz) returns numeric[]
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_since timestamptz := to_timestamp(p_rolled[3]::float8);
  v_place int;
  v_span int;
  v_starts timestamptz;
  v_cum numeric;
  v_base numeric;
  v_first timestamptz;
  v_last timestamptz;
  v_latest timestamptz;
  v_rolled numeric[] := p_rolled;
  v_leaves numeric := 'Infinity';
  v_meter text;
  v_restarts boolean;
begin
  if (p_at >= v_since) is not true then return null; end if;
  v_latest := v_since;
  for v_place, v_span, v_meter, v_restarts in
    select p.place, p_rolled[p.place + 1]::int, w.meter_id, m.tier is distinct from 'free'
      from generate_series(4, cardinality(p_rolled), 3) p(place)
      join subctl.meter_windows w on w.id = abs(p_rolled[p.place])
      join subctl.meters m on m.id = w.meter_id
  loop
    v_last := null;
    v_cum := null;
    select k.at, k.cum into v_last, v_cum
      from subctl.usage_rolling_totals k
     where k.customer_id = p_customer and k.meter_id = v_meter and k.subject = ''
     order by k.at desc limit 1;
    v_latest := greatest(v_latest, v_last);
    if v_rolled[v_place] > 0 and v_cum is not null then
      v_starts := p_at - make_interval(secs => v_span);
      v_first := null;
      if v_restarts and v_since > v_starts then
        v_base := (select k.cum from subctl.usage_rolling_totals k
                    where k.customer_id = p_customer and k.meter_id = v_meter and k.subject = '' and k.at < v_since
                    order by k.at desc limit 1);
        v_first := (select k.at from subctl.usage_rolling_totals k
                     where k.customer_id = p_customer and k.meter_id = v_meter and k.subject = '' and k.at >= v_since
                     order by k.at limit 1);
      else
        v_base := (select k.cum from subctl.usage_rolling_totals k
                    where k.customer_id = p_customer and k.meter_id = v_meter and k.subject = '' and k.at <= v_starts
                    order by k.at desc limit 1);
        v_first := (select k.at from subctl.usage_rolling_totals k
                     where k.customer_id = p_customer and k.meter_id = v_meter and k.subject = '' and k.at > v_starts
                     order by k.at limit 1);
      end if;
      v_cum := case when v_first is null then 0 else v_cum - coalesce(v_base, 0) end;
      v_leaves := least(v_leaves, extract(epoch from v_first) + v_span);
    end if;
    v_rolled[v_place + 2] := v_cum;
  end loop;
  v_rolled[1] := extract(epoch from v_latest);
  v_rolled[2] := v_leaves;
  return v_rolled;
end $$;
