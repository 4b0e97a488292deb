-- Ends live subscriptions, each at its own true instant and with its status ('expired' or 'canceled'): head, segment, usage reset, the end
-- of the plan's credits, and the fallback plan from that instant on where the plan has one (S12). Rows that are no longer live are left
-- alone. The caller has locked the customers. Returns the customers whose subscription ended.
create or replace function subctl.end_subscriptions(
  customers text[], subscriptions uuid[], ended_at timestamptz[], statuses text[], cause text, reasons text[], as_of timestamptz, change text)
returns setof text
language plpgsql volatile set enable_seqscan = off set search_path = pg_catalog, subctl, pg_temp as $$   -- a plan that is kept from when a table was small may not read all of it
#variable_conflict use_column
declare
  v_done text[];
  v_ends timestamptz[];
  v_ids uuid[];
  v_plans text[];
  f record;
begin
  with due as materialized (
    select t.customer_id, t.id, t.ended_at, t.status, t.reason, s.status as was
      from unnest($1, $2, $3, $4, $6) t(customer_id, id, ended_at, status, reason)
      join subctl.subscriptions s on s.customer_id = t.customer_id and s.id = t.id and s.status in ('trialing', 'active', 'past_due', 'paused')
  ), ended as (
    update subctl.subscriptions s
       set status = d.status, ended_at = d.ended_at, from_at = d.ended_at, usage_reset_at = d.ended_at, epoch = s.epoch + 1,
           canceled_at = case when d.status = 'canceled' then coalesce(s.canceled_at, d.ended_at) end, paused_at = null, resumes_at = null, pause_clock = null,
           pending_plan_id = null, pending_version = null, pending_every = null, pending_price = null, pending_quantity = null, change_id = $8
      from due d
     where s.customer_id = d.customer_id and s.id = d.id and s.status = d.was
    returning s.customer_id, s.id, d.was, d.reason, s.status, s.plan_id, s.version, s.every, s.anchor, s.anchor_timezone, s.ended_at
  ), segments as (
    insert into subctl.subscription_segments (customer_id, subscription_id, from_at, previous_status, status, plan_id, version, every, anchor,
      anchor_timezone, cause, reason, written_at, change_id)
    select e.customer_id, e.id, e.ended_at, e.was, e.status, e.plan_id, e.version, e.every, e.anchor, e.anchor_timezone, $5, e.reason, $7, $8 from ended e
    on conflict (customer_id, subscription_id, from_at) do update
      set status = excluded.status, cause = excluded.cause, reason = excluded.reason, written_at = excluded.written_at, change_id = excluded.change_id
    returning customer_id
  ), resets as (
    insert into subctl.usage_resets (customer_id, at, subscription_id, cause, reason, written_at, change_id)
    select e.customer_id, e.ended_at, e.id, $5, e.reason, $7, $8 from ended e
    on conflict do nothing
    returning customer_id
  ), credits as (
    update subctl.credit_grants g set expires_at = greatest(e.ended_at, g.granted_at)
      from ended e
     where g.customer_id = e.customer_id and g.expired_at is null and (g.expires_at is null or g.expires_at > e.ended_at)
       -- this plan's, not those of the fallback plan, which a use or a task may have posted before anybody wrote this end
       and (g.source in ('reset', 'rollover') and g.granted_at < e.ended_at or g.source_key like 'plan:' || e.plan_id || ':%' or g.source_key like 'rollover:plan:' || e.plan_id || ':%')
    returning g.customer_id
  )
  select array_agg(e.customer_id), array_agg(e.id), array_agg(e.ended_at), array_agg(e.plan_id) into v_done, v_ids, v_ends, v_plans from ended e;
  if v_done is null then return; end if;

  perform subctl.flush_windows_of(v_done, v_ends);   -- windows that were open end with it
  perform subctl.bill_last(v_done, v_ids, $7, $8);

  for f in
    select subctl.fallback_plan(t.plan_id) as plan, array_agg(t.customer_id) as customers, array_agg(t.ended_at) as starts
      from unnest(v_plans, v_done, v_ends) t(plan_id, customer_id, ended_at)
     group by t.plan_id
  loop
    continue when f.plan is null;
    perform 1
       from subctl.plans p
      cross join lateral subctl.start_subscriptions(f.customers, f.starts, p.id, p.current_version, subctl.default_interval(p.id, p.current_version),
             null, null, 'free', 0, true, null, 'subctl', null, 'fallback', 'fallback after ' || $5, $7, $8)
      where p.id = f.plan;
    perform subctl.reopen_windows(f.customers);
  end loop;
  return query select unnest(v_done);
end $$;
