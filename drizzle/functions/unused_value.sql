-- What a customer gets back at an instant for the rest of a period when the plan changes (R30): of each charge of
-- the period what was paid and kept for the days that are not used, together at most what the plan costs for them.
-- No row where nothing of it was paid, or nothing is left. `words` are for the invoice; `credits` says of which
-- invoices it comes: the part, and what was kept then.
create or replace function subctl.unused_value(
  s subctl.subscriptions, at timestamptz, by text,
  out value numeric, out words text, out ends timestamptz, out credits jsonb)
returns setof record
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
declare
  v_zone text := case when by = 'seconds' then 'UTC' else s.anchor_timezone end;
  r record;
  v_kept numeric;
begin
  if s.status <> 'active' or s.collection not in ('invoice', 'charge') or coalesce(s.price, 0) = 0 then return; end if;
  select * into r from subctl.rest_of_period(s, at, by);
  if r.rest = 0 then return; end if;
  with asked as (
    select i.id, k.kept, (select sum(l.amount) from subctl.invoice_lines l
                           where l.customer_id = i.customer_id and l.invoice_id = i.id and l.amount > 0) as charged
      from subctl.invoices i
      join subctl.invoices_kept(s.customer_id, s.id) k on k.invoice_id = i.id and k.kept > 0
     where i.customer_id = s.customer_id and i.subscription_id = s.id and i.status in ('open', 'paid')
       and i.period_start >= s.current_period_start and i.period_start <= at
  ), lines as (
    select a.id, l.kind, l.amount, l.details, a.kept / a.charged as kept, w.rest / w.whole as share
      from asked a
      join subctl.invoice_lines l
        on l.customer_id = s.customer_id and l.invoice_id = a.id and l.kind in ('plan', 'seats', 'unused')
     cross join lateral subctl.paused_time(s.customer_id, s.id, l.period_start, at, v_zone) p
     cross join lateral subctl.unused_share(
       l.period_start at time zone v_zone, l.period_end at time zone v_zone, at at time zone v_zone, p, by) w
     where a.charged > 0
  ), parts as (
    select l.id, l.amount * l.kept * l.share as value from lines l where l.kind <> 'unused'
    union all   -- what another invoice of this period took over already
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
  value := least(s.price * s.quantity * r.rest / r.whole, v_kept) * r.usage_rest / r.usage_whole;
  value := trim_scale(round(value, 12));
  words := s.plan_id || ' (' || s.every || '), ' || r.words;
  ends := r.ends;
  if value > 0 then return next; end if;
end $$;
