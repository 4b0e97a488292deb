-- Counts a use in every limit that matches it: its window, the usage before, the requested amount, and other
-- reservations. A limit matches by provider, model and tier, a member's where there is a member, a session's where
-- there is a session. In the common case the window is the open one in the customer's row; otherwise find_usage_window
-- finds it, and a beginning one gets its place there (open_usage_window). `is_exceeded`: some limit has no room.
create or replace function subctl_internal.count_usage(
  request subctl.usage_request, standing subctl.usage_standing, measure subctl.usage_measure, rules subctl.plan_rules,
  tally subctl.usage_tally) returns subctl.usage_tally
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  counts subctl.usage_count[];
  counted subctl.usage_count;
  amounts subctl.usage_amounts := row(measure.quantity, measure.tokens, measure.cost, request.input_tokens,
    request.output_tokens, request.units);
  place int;
  kind text;
  kinds text[] := '{}';          -- of windows with known bounds, which limits of many meters share
  bounds tstzrange[] := '{}';
begin
  for i in 1 .. cardinality(rules.ids) loop
    continue when
      rules.providers[i] is not null
        and (measure.provider is null or position('|' || measure.provider || '|' in rules.providers[i]) = 0)
      or rules.models[i] is not null
        and (request.model is null or position('|' || lower(request.model) || '|' in rules.models[i]) = 0)
      or rules.tiers[i] is not null and rules.tiers[i] <> measure.tier and rules.meter_ids[i] <> rules.canonical
      or rules.scopes[i] = 'member' and request.member is null
      or rules.win_kinds[i] = 'session' and request.session is null;
    place := case when rules.scopes[i] = 'customer' and rules.win_kinds[i] <> 'session'
                  then array_position(tally.ids, rules.ids[i]) end;
    counted := row(
      rules.ids[i], rules.meter_ids[i], rules.wins[i], rules.win_kinds[i], rules.win_ns[i], rules.scopes[i], '',
      rules.fields[i], rules.modes[i] = 'hard', rules.tiers[i] is distinct from 'free', 'slot', place,
      tally.starts[place], tally.ends[place], false, false, rules.lims[i], tally.used[place], null, null,
      subctl_internal.metered_amount(rules.fields[i], amounts));
    if (standing.at >= counted.starts and standing.at < counted.ends
        and not standing.is_late and not tally.is_stale) is not true then
      kind := concat_ws(' ', counted.win_kind, counted.hours, counted.restarts);
      counted := subctl_internal.find_usage_window(request, standing, tally, counted,
                                                   bounds[array_position(kinds, kind)]);
      if counted.kept in ('slot', 'row') and (kind = any (kinds)) is not true then
        kinds := kinds || kind;
        bounds := bounds || tstzrange(counted.starts, counted.ends);
      end if;
      if counted.kept = 'slot' and counted.ends <> tally.ends[place] and not standing.is_late then
        tally.ends[place] := counted.ends;
        tally.ends_moved := true;
        tally.rules_over := true;
      elsif counted.kept = 'row' and request.mode not in ('check', 'check_all') and counted.subject = ''
        and not counted.is_closed and counted.ends > standing.now
        and (place is null or counted.starts > tally.starts[place]) then
        counted.slot := place;
        tally := subctl_internal.open_usage_window(request.customer, tally, counted);
        counted.kept := 'slot';
        counted.slot := coalesce(place, cardinality(tally.ids));
      end if;
    end if;
    if tally.has_holds then counted.held := subctl_internal.reserved_in_window(request, standing, counted); end if;
    if subctl_internal.exceeds_limit(counted) then tally.is_exceeded := true; end if;
    counts := counts || counted;
  end loop;
  tally.counts := coalesce(counts, '{}');
  return tally;
end $$;
