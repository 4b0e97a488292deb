-- Ends live subscriptions, each at its own true instant and with its status ('expired' or 'canceled'): subscription
-- row, phase, usage reset, the end of the plan's credits, and the fallback plan from that instant on where the plan
-- has one. Rows that are no longer live are left alone. The caller has locked the customers. Returns the customers
-- whose subscription ended.
create or replace function subctl_internal.end_subscriptions(
  p_customers text[], p_subscriptions uuid[], p_ended_at timestamptz[], p_statuses text[], p_cause text,
  p_reasons text[], p_as_of timestamptz, p_change text)
returns setof text
language plpgsql volatile set enable_seqscan = off set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_done text[];
  v_ends timestamptz[];
  v_ids uuid[];
  v_plans text[];
  v_is_billed boolean;
  v_fallback record;
begin
  with due as materialized (
    select t.customer_id, t.id, t.ended_at, t.status, t.reason, s.status as was
      from unnest(p_customers, p_subscriptions, p_ended_at, p_statuses, p_reasons) t(customer_id, id, ended_at,
                                                                                     status, reason)
      join subctl.subscriptions s on s.customer_id = t.customer_id and s.id = t.id
        and s.status in ('trialing', 'active', 'past_due', 'paused')
  ), ended as (
    update subctl.subscriptions s
       set status = d.status, ended_at = d.ended_at, from_at = d.ended_at, usage_reset_at = d.ended_at,
           epoch = s.epoch + 1,
           canceled_at = case when d.status = 'canceled' then coalesce(s.canceled_at, d.ended_at) end,
           paused_at = null, resumes_at = null, pause_clock = null,
           pending_plan_id = null, pending_version = null, pending_every = null, pending_price = null,
           pending_quantity = null, change_id = p_change
      from due d
     where s.customer_id = d.customer_id and s.id = d.id and s.status = d.was
    returning s.customer_id, s.id, d.was, d.reason, s.status, s.plan_id, s.version, s.every, s.anchor,
              s.anchor_timezone, s.ended_at, s.collection
  ), segments as (
    insert into subctl.subscription_phases (customer_id, subscription_id, from_at, previous_status, status, plan_id,
                                              version, every, anchor,
      anchor_timezone, cause, reason, written_at, change_id)
    select e.customer_id, e.id, e.ended_at, e.was, e.status, e.plan_id, e.version, e.every, e.anchor,
           e.anchor_timezone, p_cause, e.reason, p_as_of, p_change from ended e
    on conflict (customer_id, subscription_id, from_at) do update
      set status = excluded.status, cause = excluded.cause, reason = excluded.reason,
          written_at = excluded.written_at, change_id = excluded.change_id
  ), resets as (
    insert into subctl.usage_resets (customer_id, at, subscription_id, cause, reason, written_at, change_id)
    select e.customer_id, e.ended_at, e.id, p_cause, e.reason, p_as_of, p_change from ended e
    on conflict do nothing
  ), credits as (
    update subctl.credit_grants g set expires_at = greatest(e.ended_at, g.granted_at)
      from ended e
     where g.customer_id = e.customer_id and g.expired_at is null
       and (g.expires_at is null or g.expires_at > e.ended_at)
       -- this plan's, not those of the fallback plan, which a use or a task may have posted before this end was
       -- end
       and (g.source in ('reset', 'rollover') and g.granted_at < e.ended_at
            or g.source_key like 'plan:' || e.plan_id || ':%'
              or g.source_key like 'rollover:plan:' || e.plan_id || ':%')
  )
  select array_agg(e.customer_id), array_agg(e.id), array_agg(e.ended_at), array_agg(e.plan_id),
         bool_or(e.collection in ('invoice', 'charge'))
    into v_done, v_ids, v_ends, v_plans, v_is_billed from ended e;
  if v_done is null then return; end if;

  perform subctl_internal.flush_windows_of(v_done, v_ends);   -- windows that were open end with it
  if v_is_billed then perform subctl_internal.invoice_final_period(v_done, v_ids, p_as_of, p_change); end if;

  for v_fallback in
    select subctl_internal.fallback_plan(t.plan_id) as plan, array_agg(t.customer_id) as customers,
           array_agg(t.ended_at) as starts
      from unnest(v_plans, v_done, v_ends) t(plan_id, customer_id, ended_at)
     group by t.plan_id
  loop
    continue when v_fallback.plan is null;
    perform 1
       from subctl.plans p
      cross join lateral subctl_internal.start_subscriptions(v_fallback.customers, v_fallback.starts, p.id,
                                                             p.current_version,
                                                             subctl_internal.default_interval(p.id, p.current_version),
             null, null, 'free', 0, true, null, 'subctl', null, 'fallback', 'fallback after ' || p_cause, p_as_of,
             p_change)
      where p.id = v_fallback.plan;
    perform subctl_internal.reopen_windows(v_fallback.customers);
  end loop;
  return query select unnest(v_done);
end $$;
