-- Caches the outcome of a use as the customer's rules for its kind: the next use adds to `totals` and compares, until
-- it reaches a stop, an end or a change. `made` has everything that the decision knows; the validity, the stops and
-- the texts of the answer are added here. Rules without a tier are for plain uses (customer_rules), the others have a
-- price (customer_priced_rules). A rolling window has no bounds and stops at the lowest threshold: usage leaves it, so
-- the threshold can be reached again. `uncounted_until`: until when windows are open that these rules do not count;
-- `starts` and `ends`: of the windows. The caller holds the customer's row.
create or replace function subctl_internal.keep_customer_rules(
  made subctl.customer_priced_rules, totals numeric[], thresholds numeric[], uncounted_until timestamptz,
  starts timestamptz[], ends timestamptz[]) returns void
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_count int := coalesce(cardinality(made.slots), 0);
  v_from timestamptz := greatest(uncounted_until, made.live_from);
  v_until timestamptz := made.live_until;
begin
  if made.catalog <> pg_sequence_last_value('subctl.catalog_generation') then
    perform subctl_internal.heal_catalog_generation();
    return;
  end if;
  if made.subscription_id is not null then
    select greatest(v_from, s.from_at, s.current_period_start, s.usage_reset_at),
           least(v_until, s.current_period_end, s.pending_at, s.ends_at, case when s.collection = 'invoice' then (
             select min(i.due_at) from subctl.invoices i
              where i.customer_id = made.customer_id and i.subscription_id = s.id and i.status = 'open') end)
      into v_from, v_until
      from subctl.subscriptions s
     where s.customer_id = made.customer_id and s.id = made.subscription_id;
  else
    select least(v_until, min(s.started_at)) into v_until
      from subctl.subscriptions s where s.customer_id = made.customer_id and s.started_at > made.live_from;
  end if;
  select greatest(v_from, max(x.starts)), least(v_until, min(x.ends)) into v_from, v_until
    from unnest(starts, ends) x(starts, ends);
  if not v_until > v_from then return; end if;

  made.live_from := coalesce(v_from, '-infinity');
  made.live_until := v_until;
  made.slots := coalesce(made.slots, '{}');
  made.meters := coalesce(made.meters, '{}');
  made.windows := coalesce(made.windows, '{}');
  -- a window without a count of such uses has no stop
  select coalesce(array_agg(case when l.lim is null or l.field = 0 then 'Infinity' else least(l.lim, (
           select min(l.lim * h.threshold * 0.01) from unnest(thresholds) h(threshold)
            where l.lim * h.threshold * 0.01 > l.total or l.slot < 0)) end order by l.n), '{}'),
         coalesce(array_agg(concat(case when l.n > 1 then ', ' end, '{"meter": ', to_json(w.meter_id), ', "window": ',
           to_json(w."window"), ', "scope": ', to_json(w.scope), ', "limit": ',
           coalesce(to_json(trim_scale(l.lim)::text)::text, 'null'), ', "window_start": ',
           coalesce(to_json(subctl_internal.iso(l.starts))::text, 'null'), ', "resets_at": ',
           coalesce(to_json(subctl_internal.iso(l.ends))::text, 'null'), ', "used": "') order by l.n), '{}')
    into made.stops, made.heads
    from unnest(made.windows[v_count + 1 : 2 * v_count], totals, made.windows[1 : v_count], starts, ends, made.fields,
                made.slots) with ordinality l(lim, total, id, starts, ends, field, slot, n)
    join subctl.meter_windows w on w.id = l.id;
  made.opening := concat('{"allowed": true, "reason": null, "customer": ', to_json(made.customer_id), ', "kind": ',
    to_json(made.canonical), ', "replayed": false, "unpriced": ', coalesce(made.rates = '{}', false)::text,
    ', "alerts": [], ',
    case when made.tier is null then '"cost": null, ' end,
    case when made.credit_cost is null then '"credits": null, ' end, '"at": "');

  perform subctl_internal.write_customer_rules(made);
end $$;
