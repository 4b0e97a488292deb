-- Returns the credit for the rest of a period when the plan changes (R30): of each charge of the period, what was paid
-- and kept for unused days, together at most what the plan costs for them. No row if nothing was paid or nothing is
-- left. `words` are for the invoice. `credits` lists the invoices it comes from, with their part and what was kept of
-- them.
create or replace function subctl_internal.unused_value(
  p_head subctl.subscriptions, p_at timestamptz, p_by text, out value numeric, out words text, out ends timestamptz,
  out credits jsonb)
returns setof record
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_zone text := case when p_by = 'seconds' then 'UTC' else p_head.anchor_timezone end;
  v_rest record;
  v_kept numeric;
begin
  if p_head.status <> 'active' or p_head.collection not in ('invoice', 'charge') or coalesce(p_head.price, 0) = 0 then
    return;
  end if;
  select * into v_rest from subctl_internal.rest_of_period(p_head, p_at, p_by);
  if v_rest.rest = 0 then return; end if;
  with asked as (
    select i.id, k.kept, (select sum(l.amount) from subctl.invoice_lines l
                           where l.customer_id = i.customer_id and l.invoice_id = i.id and l.amount > 0) as charged
      from subctl.invoices i
      join subctl_internal.invoices_net_paid(p_head.customer_id, p_head.id) k on k.invoice_id = i.id and k.kept > 0
     where i.customer_id = p_head.customer_id and i.subscription_id = p_head.id and i.status in ('open', 'paid')
       and i.period_start >= p_head.current_period_start and i.period_start <= p_at
  ), lines as (
    select a.id, l.kind, l.amount, l.details, a.kept / a.charged as kept, w.rest / w.whole as share
      from asked a
      join subctl.invoice_lines l
        on l.customer_id = p_head.customer_id and l.invoice_id = a.id and l.kind in ('plan', 'seats', 'unused')
     cross join lateral subctl_internal.paused_time(p_head.customer_id, p_head.id, l.period_start, p_at, v_zone) p
     cross join lateral subctl_internal.unused_share(
       l.period_start at time zone v_zone, l.period_end at time zone v_zone, p_at at time zone v_zone, p, p_by) w
     where a.charged > 0
  ), parts as (
    select l.id, l.amount * l.kept * l.share as value from lines l where l.kind <> 'unused'
    union all   -- what another invoice of this period already took over
    select a.id, l.amount * (c.value->>'part')::numeric * least(1, a.kept / (c.value->>'kept')::numeric) * l.share
      from lines l
     cross join lateral jsonb_array_elements(l.details->'credits') c
      join asked a on a.id = (c.value->>'invoice')::uuid
     where l.kind = 'unused'
  ), sums as (
    select a.id, a.kept, sum(p.value) as value from asked a join parts p on p.id = a.id group by a.id, a.kept
  ), total as (
    select sum(x.value) as kept, sum(x.value) filter (where x.value > 0) as shared from sums x
  )
  select t.kept, jsonb_agg(jsonb_build_object(
           'invoice', u.id, 'part', round(u.value / t.shared, 12), 'kept', trim_scale(u.kept)::text) order by u.id)
    into v_kept, credits
    from sums u cross join total t where u.value > 0 group by t.kept;
  if v_kept is null then return; end if;
  value := least(p_head.price * p_head.quantity * v_rest.rest / v_rest.whole, v_kept) * v_rest.usage_rest
    / v_rest.usage_whole;
  value := trim_scale(round(value, 12));
  words := p_head.plan_id || ' (' || p_head.every || '), ' || v_rest.words;
  ends := v_rest.ends;
  if value > 0 then return next; end if;
end $$;
