-- Replaces the plan's limits by the customer's own, or adds them where the plan has none for that window: hard limits,
-- which count what the meter's other limits count. A window that no plan has gets its number, except in a check.
create or replace function subctl_internal.add_own_limits(
  request subctl.usage_request, standing subctl.usage_standing, rules subctl.plan_rules) returns subctl.plan_rules
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  own record;
  place int;
  like_place int;
begin
  for own in
    select distinct on (o.meter_id, o."window", o.scope) o.meter_id, o."window" as win, o.scope, o.limit_value, k.kind,
           k.n
      from subctl.limit_overrides o
     cross join lateral subctl_internal.window_kind(o."window") k
     where o.customer_id = request.customer and o.starts_at <= standing.at
       and (o.ends_at is null or o.ends_at > standing.at) and o.meter_id = any (rules.meter_ids)
     order by o.meter_id, o."window", o.scope, o.starts_at desc
  loop
    place := (select i from generate_subscripts(rules.ids, 1) i
               where rules.meter_ids[i] = own.meter_id and rules.wins[i] = own.win and rules.scopes[i] = own.scope);
    if place is null then
      place := cardinality(rules.ids) + 1;
      like_place := array_position(rules.meter_ids, own.meter_id);
      rules.ids[place] := case
        when request.mode in ('check', 'check_all') then (
          select w.id from subctl.meter_windows w
           where w.meter_id = own.meter_id and w."window" = own.win and w.scope = own.scope)
        else subctl_internal.meter_window(own.meter_id, own.win, own.scope) end;
      rules.meter_ids[place] := own.meter_id;
      rules.wins[place] := own.win;
      rules.win_kinds[place] := own.kind;
      rules.win_ns[place] := own.n;
      rules.scopes[place] := own.scope;
      rules.modes[place] := 'hard';
      rules.fields[place] := rules.fields[like_place];
      rules.providers[place] := rules.providers[like_place];
      rules.models[place] := rules.models[like_place];
      rules.tiers[place] := rules.tiers[like_place];
    end if;
    rules.lims[place] := own.limit_value;
  end loop;
  return rules;
end $$;
