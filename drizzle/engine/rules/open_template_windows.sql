-- Creates a customer's rules for a use from the plan's template of such uses (rule_templates): finds its windows,
-- opens those that begin in the customer's row as count_usage and open_usage_window would, and writes the rules as
-- keep_customer_rules would. Returns false, with nothing written, where the use must be decided: an open window with
-- moved bounds, a past window, a beginning window that has a row already, or rolling totals of a later restart. A
-- window that follows none in the customer's row is counted from the events. The customer has no limits of its own,
-- and its zone has never changed; the caller holds its row.
create or replace function subctl_internal.open_template_windows(
  made subctl.customer_priced_rules, standing subctl.usage_standing, template subctl.rule_templates,
  tally subctl.usage_tally, p_zone text) returns boolean
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_customer text := made.customer_id;
  v_at timestamptz := standing.at;
  v_numbers int[] := template.ids;
  v_limits numeric[] := template.limits;
  v_stops numeric[] := template.stops;
  v_names text[] := template.window_kinds;
  v_ids int[] := tally.ids;
  v_opened timestamptz[] := tally.starts;
  v_ends timestamptz[] := tally.ends;
  v_used numeric[] := tally.used;
  v_refused numeric[] := tally.refused;
  v_is_rolling boolean := 'rolling_hour' = any (template.window_kinds);
  v_place int;
  v_slots int[] := '{}';
  v_starts timestamptz[];
  v_until timestamptz[];
  v_kind text;
  v_kinds text[] := '{}';
  v_found tstzrange[] := '{}';
  v_bounds tstzrange;
  v_new int := 0;
  v_is_over boolean := false;
  v_opens int[] := '{}';
  v_heads text[] := '{}';
  v_from numeric[] := '{}';
  v_to numeric[] := '{}';
begin
  for i in 1 .. cardinality(v_numbers) loop
    if v_names[i] = 'rolling_hour' then
      v_slots[i] := -v_numbers[i];
      made.spans[i] := template.window_counts[i];
      continue;
    end if;
    v_place := array_position(v_ids, v_numbers[i]);
    v_slots[i] := v_place;
    if v_at >= v_opened[v_place] and v_at < v_ends[v_place] then
      v_starts[i] := v_opened[v_place];
      v_until[i] := v_ends[v_place];
      continue;
    end if;
    v_kind := concat(v_names[i], template.window_counts[i], template.restarts[i]);
    v_bounds := v_found[array_position(v_kinds, v_kind)];
    if v_bounds is null then
      v_bounds := subctl_internal.template_window(
        v_customer, standing, p_zone, v_names[i], template.window_counts[i], template.restarts[i]);
      v_kinds := v_kinds || v_kind;
      v_found := v_found || v_bounds;
    end if;
    v_starts[i] := lower(v_bounds);
    v_until[i] := upper(v_bounds);
    if v_until[i] <= standing.now or v_opened[v_place] >= v_starts[i] then return false; end if;
    v_opens := v_opens || i;
    if v_place is null then
      v_new := v_new + 1;
      v_slots[i] := cardinality(v_ids) + v_new;
    end if;
  end loop;
  if v_opens <> '{}' and (tally.has_history or tally.generation > 0) and exists (
       select 1 from unnest(v_opens) o(i)
         join subctl.usage_counters u
           on u.customer_id = v_customer and u.meter_id = template.meters[o.i] and u."window" = template.names[o.i]
          and u.scope = 'customer' and u.subject = '' and u.window_start = v_starts[o.i]) then
    return false;
  end if;
  made.slots := v_slots;
  made.meters := template.meters;
  made.fields := template.fields;
  if v_is_rolling then
    made := subctl_internal.rolling_rules(made, standing.usage_from);
    if made.live_until <= v_at then return false; end if;
  else
    made.spans := null;
  end if;

  for i in 1 .. cardinality(v_numbers) loop
    v_place := v_slots[i];
    if i = any (v_opens) then
      if v_place > cardinality(v_ids) then
        v_ids[v_place] := v_numbers[i];
        v_used[v_place] := 0;
        if tally.has_history then
          v_used[v_place] := subctl_internal.recount_usage(
            v_customer, template.meters[i], null, null, v_starts[i], v_until[i]);
        end if;
      else
        v_is_over := true;   -- rules that were made for the previous window of this place
        if v_used[v_place] > 0 or v_refused[v_place] > 0 then
          insert into subctl.usage_counters (
            customer_id, meter_id, "window", scope, subject, window_start, window_end, used, refused)
          values (v_customer, template.meters[i], template.names[i], 'customer', '', v_opened[v_place], v_ends[v_place],
                  v_used[v_place], v_refused[v_place])
          on conflict (customer_id, meter_id, "window", scope, subject, window_start)
          do update set used = usage_counters.used + excluded.used, refused = usage_counters.refused + excluded.refused;
        end if;
        v_used[v_place] := 0;
      end if;
      v_opened[v_place] := v_starts[i];
      v_ends[v_place] := v_until[i];
      v_refused[v_place] := 0;
    end if;
    if v_used[v_place] >= v_stops[i] then
      v_stops[i] := least(v_limits[i], (
        select min(v_limits[i] * h.threshold * 0.01) from unnest(template.thresholds) h(threshold)
         where v_limits[i] * h.threshold * 0.01 > v_used[v_place]));
    end if;
    v_heads[i] := concat(
      template.heads[i], '"window_start": ', coalesce('"' || subctl_internal.iso(v_starts[i]) || '"', 'null'),
      ', "resets_at": ', coalesce('"' || subctl_internal.iso(v_until[i]) || '"', 'null'), ', "used": "');
    v_from[i] := extract(epoch from v_starts[i]);
    v_to[i] := extract(epoch from v_until[i]);
    made.live_from := greatest(made.live_from, v_starts[i]);
    made.live_until := least(made.live_until, v_until[i]);
  end loop;
  if v_opens <> '{}' or not tally.has_history then
    update subctl.customer_windows s
       set subscription_id = standing.subscription_id, epoch = standing.epoch, plan_id = standing.plan_id,
           version = standing.version, ids = v_ids, starts = v_opened, ends = v_ends, refused = v_refused,
           credits_due_at = tally.credits_due_at, next_end = (select min(w.ends) from unnest(v_ends) w(ends))
     where s.customer_id = v_customer;
    made.generation := tally.generation + (v_is_over or not tally.has_history)::int;
    update subctl.usage_totals t set used = v_used, generation = made.generation where t.customer_id = v_customer;
  end if;
  if v_is_rolling and not tally.has_history then   -- without usage there is nothing to read
    update subctl.usage_totals t
       set rolled = array[-'Infinity'::numeric, 'Infinity', t.rolled[3]] || array(
             select case when p.place % 3 = 0 then 0 else t.rolled[p.place] end
               from generate_series(4, cardinality(t.rolled)) p(place) order by p.place)
     where t.customer_id = v_customer;
  end if;
  made.stops := v_stops;
  made.heads := v_heads;
  made.windows := v_numbers::numeric[] || v_limits || v_from || v_to;
  perform subctl_internal.write_customer_rules(made);
  return true;
end $$;
