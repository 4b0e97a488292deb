-- Returns what rules with rolling windows need in addition: each of these windows gets a place in the customer's state
-- (usage_totals.rolled), and so does the running total of its meter; `slots` has the negative numbers of such windows
-- and gets their places. The next use reads their content, since `p_since` where a meter restarts with the
-- subscription. `live_until` is '-infinity' where the state already belongs to a later restart. The caller holds the
-- customer's row.
create or replace function subctl_internal.rolling_rules(made subctl.customer_priced_rules, p_since timestamptz)
  returns subctl.customer_priced_rules
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_rolled numeric[];
  v_keys int[];
  v_key int;
  v_place int;
  v_meter text;
begin
  select t.rolled into v_rolled from subctl.usage_totals t where t.customer_id = made.customer_id;
  v_rolled := coalesce(v_rolled, '{0,0,-Infinity}');
  if v_rolled[3] > extract(epoch from p_since) then
    made.live_until := '-infinity';
    return made;
  end if;
  v_rolled[1] := 'Infinity';
  v_rolled[3] := extract(epoch from p_since);
  v_keys := array(
    select v_rolled[p.place] from generate_series(4, cardinality(v_rolled), 3) p(place) order by p.place);
  for i in 1 .. cardinality(made.slots) loop
    continue when made.slots[i] > 0;
    v_key := -made.slots[i];
    if made.meters[i] is distinct from v_meter then   -- windows of one meter are adjacent
      v_meter := made.meters[i];
      v_place := array_position(v_keys, -v_key);
      if v_place is null then
        v_keys := v_keys || -v_key;
        v_place := cardinality(v_keys);
        v_rolled := v_rolled || array[-v_key, 0, null]::numeric[];
      end if;
      made.marked := made.marked || array[v_meter, (v_place * 3 + 3)::text, made.fields[i]::text];
    end if;
    v_place := array_position(v_keys, v_key);
    if v_place is null then
      v_keys := v_keys || v_key;
      v_place := cardinality(v_keys);
      v_rolled := v_rolled || array[v_key, made.spans[i] * 3600, null]::numeric[];
    end if;
    made.slots[i] := -(v_place * 3 + 3);
  end loop;
  update subctl.usage_totals t set rolled = v_rolled where t.customer_id = made.customer_id;
  return made;
end $$;
