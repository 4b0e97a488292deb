-- Counts a use that follows cached rules with rolling windows: the totals of all windows, the state afterwards
-- (`used`, `rolled`), and the parts of the answer and the event that move with the instant, because a rolling window
-- starts its span before the use. Null where the use must be decided: it reaches a stop, or precedes what is counted
-- (R7). `amounts` are what the use requests, by the fields of the rules. The content of the rolling windows is known
-- between the latest use and the instant at which the first one leaves; otherwise it is read again, unless marks are
-- not written yet (`has_pending_marks`). `heads` are null where no answer is needed. The caller holds the customer's
-- row.
create or replace function subctl_internal.count_rolling(
  p_counts subctl.rolling_counts, p_at timestamptz, p_amounts numeric[]) returns subctl.rolling_counts
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_counts subctl.rolling_counts := p_counts;
  v_used numeric[] := p_counts.used;
  v_rolled numeric[] := p_counts.rolled;
  v_slots int[] := p_counts.slots;
  v_fields int[] := p_counts.fields;
  v_stops numeric[] := p_counts.stops;
  v_heads text[] := p_counts.heads;
  v_windows numeric[] := p_counts.windows;
  v_totals numeric[];
  v_count int := cardinality(p_counts.slots);
  v_instant numeric := extract(epoch from p_at);
  v_slot int;
  v_amount numeric := p_amounts[1];
  v_total numeric;
  v_span int;
begin
  if (v_instant >= v_rolled[1] and v_instant < v_rolled[2]) is not true then
    if p_counts.has_pending_marks then return null; end if;
    v_rolled := subctl_internal.read_rolled(p_counts.customer, v_rolled, p_at);
    if (v_instant >= v_rolled[1] and v_instant < v_rolled[2]) is not true then return null; end if;
  end if;
  for i in 1 .. v_count loop
    v_slot := v_slots[i];
    if v_fields is not null then v_amount := coalesce(p_amounts[v_fields[i]], 0); end if;
    if v_slot > 0 then
      v_total := v_used[v_slot] + v_amount;
      v_used[v_slot] := v_total;
    else
      v_total := v_rolled[-v_slot] + v_amount;
      v_rolled[-v_slot] := v_total;
      v_span := p_counts.spans[i] * 3600;
      v_windows[2 * v_count + i] := v_instant - v_span;
      if v_amount > 0 and v_instant + v_span < v_rolled[2] then v_rolled[2] := v_instant + v_span; end if;
      if v_heads is not null then
        v_heads[i] := replace(v_heads[i], '"window_start": null', concat(
          '"window_start": "', subctl_internal.iso(p_at - make_interval(secs => v_span)), '"'));
      end if;
    end if;
    if (v_total < v_stops[i]) is not true then return null; end if;
    v_totals[i] := v_total;
  end loop;
  for i in 1 .. cardinality(p_counts.marked) by 3 loop
    v_amount := p_amounts[p_counts.marked[i + 2]::int];
    if v_amount > 0 then
      v_slot := p_counts.marked[i + 1]::int;
      v_rolled[v_slot] := v_rolled[v_slot] + v_amount;
      v_rolled[1] := v_instant;
    end if;
  end loop;
  v_counts.used := v_used;
  v_counts.rolled := v_rolled;
  v_counts.heads := v_heads;
  v_counts.windows := v_windows;
  v_counts.totals := v_totals;
  return v_counts;
end $$;
