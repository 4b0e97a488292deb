-- Returns the default plan's credit grant for the month of a late use if that month is over and its grant was never
-- written. Such a grant is written with the first use of a month (R19), and a use counts in its own month (R13). It
-- ends with the month or at the start of the first subscription. No row if another plan grant was valid at the use.
create or replace function subctl_internal.missing_month(
  customer text, used_at timestamptz, as_of timestamptz, out source_key text, out amount numeric,
  out starts timestamptz, out ends timestamptz)
returns setof record
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_month tstzrange;
  v_plan text;
  v_every text;
begin
  if $2 >= $3
     or exists (select 1 from subctl.subscriptions s where s.customer_id = $1 and s.started_at <= $2)
     or exists (select 1 from subctl.credit_grants g
                 where g.customer_id = $1 and g.source = 'plan' and g.granted_at <= $2 and g.expires_at > $2) then
    return;
  end if;
  select p.id, coalesce(v.credits_every, '1mo'), v.credits into v_plan, v_every, amount
    from subctl.plans p
    join subctl.plan_versions v on v.plan_id = p.id and v.version = p.current_version
   where p.is_default and v.credits > 0;
  if not found then return; end if;
  v_month := subctl_internal.cycle_at($1, 'default', null, v_every, $2, null);
  starts := lower(v_month);
  ends := least(upper(v_month), (select min(s.started_at) from subctl.subscriptions s where s.customer_id = $1));
  source_key := 'plan:' || v_plan || ':' || subctl_internal.iso(starts);
  if ends <= $3 and upper(v_month) > (select c.created_at from subctl.customers c where c.id = $1) then
    return next;
  end if;
end $$;
