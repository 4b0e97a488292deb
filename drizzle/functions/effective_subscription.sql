-- The one reader of access: what a customer has at an instant, past ones included, by dates alone and whether or not a task has run
-- (R16). No row: no such customer. `basis` says where it comes from: a subscription's row, the fallback plan that nobody has written
-- yet, the default plan of those who never had a subscription (R19), or none. Periods are [period_start, period_end) (R1); paid
-- meters count from `usage_from`. While a clock stands still the end of the period moves on with every moment.
create or replace function subctl.effective_subscription(
  customer text, as_of timestamptz,
  out customer_id text, out subscription_id uuid, out plan_id text, out version int, out status text,
  out access boolean, out reason text, out every text, out anchor timestamptz, out anchor_timezone text, out timezone text,
  out period_start timestamptz, out period_end timestamptz, out usage_from timestamptz, out since timestamptz,
  out ends_at timestamptz, out auto_renew boolean, out collection text, out epoch int, out basis text)
returns setof record
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
declare
  v_customer alias for $1;
  v_at alias for $2;
  v_zone text;
  v_disabled timestamptz;
  s subctl.subscriptions%rowtype;
  g record;
  v_period tstzrange;
  v_start timestamptz; v_end timestamptz;   -- the period that is written
  v_switch timestamptz;    -- when the plan that waits is to be taken
  v_taken boolean;         -- whether it is, by the dates
  v_renewed boolean;       -- whether another period than the written one runs, by the dates
  v_next timestamptz;      -- from where the periods are counted that nobody has written
  v_last timestamptz;      -- the instant at which it ends whatever is paid: its term's end, or its period's where it does not renew
  v_issued timestamptz;    -- since when an invoice of it is unpaid
  v_overdue timestamptz;   -- the same, or since the change to a plan that is invoiced
  v_ended timestamptz;     -- the instant at which the subscription is over by its dates
  v_plan text;
  b record;                -- the period that the fallback plan goes on with (R32)
begin
  select c.disabled_at into v_disabled from subctl.customers c where c.id = v_customer;
  if not found then return; end if;
  v_zone := subctl.zone_of(v_customer, v_at);
  customer_id := v_customer; timezone := v_zone; status := 'none'; access := false; basis := 'none';

  select su.* into s from subctl.subscriptions su
   where su.customer_id = v_customer and su.started_at <= v_at
   order by su.started_at desc, (su.ended_at is null) desc, su.id desc limit 1;

  if not found then
    -- never had one: the default plan from the first of the calendar month (R19)
    select p.id, p.current_version into plan_id, version from subctl.plans p where p.is_default;
    if plan_id is null then
      reason := 'no_subscription';
    else
      basis := 'default'; access := true; reason := null; every := '1mo'; anchor_timezone := v_zone; auto_renew := true; collection := 'free'; epoch := 0;
      anchor := subctl.local_first('2000-01-01'::timestamp, v_zone);   -- periods follow the zone, as calendar windows do (R4)
      usage_from := '-infinity';
    end if;
  else
    v_start := s.current_period_start; v_end := s.current_period_end;
    -- Stripe says itself when its subscriptions end: no date here does
    v_last := case when s.collection = 'stripe' then null when s.cancel_at_period_end or not s.auto_renew then s.current_period_end else s.ends_at end;
    if s.status = 'paused' and v_at >= s.from_at then
      if s.pause_clock = 'runs' and v_last <= least(v_at, s.resumes_at) then
        v_ended := v_last; s.status := case when s.cancel_at_period_end then 'canceled' else 'expired' end;
      elsif s.resumes_at <= v_at then
        -- it has resumed, and nobody has written it
        s.status := case when s.trial_end > s.paused_at then 'trialing' else 'active' end; s.from_at := s.resumes_at;
        if s.pause_clock = 'runs' then s.current_period_end := greatest(s.current_period_end, s.resumes_at); end if;
        v_end := s.current_period_end;
        if s.cancel_at_period_end or not s.auto_renew then v_last := s.current_period_end; end if;
      elsif s.pause_clock is distinct from 'runs' and s.resumes_at is null then
        v_end := subctl.shift_instant(v_end, s.paused_at, v_at);
      end if;
    end if;
    subscription_id := s.id; plan_id := s.plan_id; version := s.version; status := s.status; every := s.every;
    anchor := s.anchor; anchor_timezone := s.anchor_timezone; since := s.from_at; auto_renew := s.auto_renew;
    collection := s.collection; epoch := s.epoch; usage_from := s.usage_reset_at; basis := 'subscription';

    -- nothing is overdue that was never asked for (R35)
    if s.collection = 'invoice' and s.status in ('active', 'trialing') then
      select min(i.due_at) into v_issued from subctl.invoices i
       where i.customer_id = v_customer and i.subscription_id = s.id and i.due_at <= v_at and (i.status = 'open' or i.paid_at > v_at);
    end if;
    -- the plan that waits is taken, and is paid as that plan is; what was overdue before still ends with its grace
    v_switch := case when s.pending_plan_id is not null then greatest(s.current_period_end, s.pending_at) end;
    if s.status <> 'past_due' and v_issued <= v_switch then
      select greatest(s.from_at, v_issued) + make_interval(hours => 24 * pv.grace_days) into s.grace_until
        from subctl.plan_versions pv where pv.plan_id = s.plan_id and pv.version = s.version;
    end if;
    v_taken := s.status in ('active', 'trialing', 'past_due') and v_at >= v_switch and (v_last is null or v_last > v_switch)
               and (s.grace_until is null or s.grace_until > v_switch);
    if v_taken then collection := coalesce(s.pending_collection, s.collection); end if;
    v_overdue := case when collection = 'invoice' or v_issued <= v_switch then v_issued end;
    if collection = 'invoice' and s.collection <> 'invoice' then
      -- what was owed before a plan that nobody pays for is owed again from the change on
      select case when min(i.due_at) is not null then greatest(min(i.due_at), v_switch) end into v_overdue from subctl.invoices i
       where i.customer_id = v_customer and i.subscription_id = s.id and i.due_at <= v_at and (i.status = 'open' or i.paid_at > v_at);
    end if;
    if v_at >= s.current_period_end and v_last is distinct from s.current_period_end and s.status in ('trialing', 'active', 'past_due') then
      v_next := subctl.next_anchor(s.anchor, s.every, s.every, s.status = 'trialing', s.current_period_end, s.anchor_timezone);
      if v_taken then v_next := subctl.next_anchor(v_next, s.every, coalesce(s.pending_every, s.every), false, v_switch, s.anchor_timezone); end if;
    end if;
    if v_at < s.from_at or v_at < s.current_period_start then
      -- the past: what its segment of then says; what waits now did not wait then
      v_switch := null;
      select sg.* into g from subctl.subscription_segments sg
       where sg.customer_id = v_customer and sg.subscription_id = s.id and sg.from_at <= v_at
       order by sg.from_at desc limit 1;
      if found then
        v_start := g.period_start; v_end := g.period_end;
        if g.clock_stops then v_end := subctl.shift_instant(v_end, g.from_at, v_at); end if;
        plan_id := g.plan_id; version := g.version; status := g.status; every := g.every;
        anchor := g.anchor; anchor_timezone := g.anchor_timezone; since := g.from_at;
      end if;
    elsif s.status in ('canceled', 'expired') then
      v_ended := coalesce(v_ended, s.ended_at);
    elsif s.collection = 'stripe' then
      if s.status = 'past_due' and v_at >= s.suspended_at then access := false; reason := 'past_due'; end if;
    else
      v_renewed := s.status in ('active', 'trialing') and v_next is not null and (v_issued is null or v_issued > s.current_period_end);
      if v_renewed then status := 'active'; end if;
      if v_taken then
        plan_id := s.pending_plan_id; version := s.pending_version; every := coalesce(s.pending_every, s.every); since := v_switch;
      elsif v_renewed and v_next <> s.anchor then
        since := v_next;   -- unpaid: nothing is renewed, and its periods go on all the same
      end if;
      anchor := coalesce(v_next, s.anchor);
      if s.status in ('active', 'trialing') and v_at >= v_last and not v_overdue < v_last is true then
        v_ended := v_last; status := case when s.cancel_at_period_end then 'canceled' else 'expired' end;
      elsif v_overdue is not null then
        -- what is overdue and nobody has written (R35): grace, then the end, but never beyond the end that it has anyway
        status := 'past_due'; since := greatest(since, v_overdue);
        if s.grace_until is null then
          select since + make_interval(hours => 24 * pv.grace_days) into s.grace_until
            from subctl.plan_versions pv where pv.plan_id = effective_subscription.plan_id and pv.version = effective_subscription.version;
        end if;
      end if;
      if status = 'past_due' and v_at >= least(s.grace_until, v_last) then
        v_ended := least(s.grace_until, v_last);
        status := case when s.cancel_at_period_end and v_ended = v_last then 'canceled' else 'expired' end;
      end if;
    end if;

    if v_ended is not null then
      v_plan := case when status in ('canceled', 'expired') then subctl.fallback_plan(plan_id) end;
      if v_plan is null then
        ends_at := v_ended; access := false; reason := 'no_subscription'; since := v_ended; usage_from := v_ended;
        if s.ended_at is null then epoch := s.epoch + 1; end if;   -- as it will be when this end is written
      else
        select p.id, p.current_version into plan_id, version from subctl.plans p where p.id = v_plan;
        subscription_id := null; status := 'active'; basis := 'fallback'; access := true; collection := 'free'; auto_renew := true;
        every := subctl.default_interval(plan_id, version); since := v_ended;
        select * into b from subctl.period_before(v_customer, plan_id, every, v_ended);
        -- its period as pauses and given days have moved it; the next are counted from where it ends then
        v_start := b.starts; v_end := b.ends;
        anchor := case when v_at >= b.ends then subctl.next_anchor(b.anchor, every, every, false, b.ends, b.anchor_timezone)
                       else coalesce(b.anchor, v_ended) end;
        anchor_timezone := coalesce(b.anchor_timezone, subctl.zone_of(v_customer, v_ended));
        usage_from := coalesce(b.usage_from, v_ended); epoch := s.epoch + 1;
      end if;
    elsif reason is null then
      access := status in ('active', 'trialing', 'past_due');
      if status = 'paused' then reason := 'paused'; end if;
      if s.status in ('active', 'trialing', 'past_due') and v_at < v_last then ends_at := v_last; end if;
    end if;
  end if;

  if v_disabled <= v_at then access := false; reason := 'disabled'; end if;

  if anchor is not null then
    if (subscription_id is not null or basis = 'fallback') and v_at >= v_start and v_at < v_end then
      period_start := v_start; period_end := v_end;
    else
      v_period := case when basis = 'default' then subctl.customer_window(v_customer, 'anchored_month', v_at, 1)
                       else subctl.period_at(anchor, every, v_at, anchor_timezone) end;
      -- what comes after an end lies in no period of what has ended
      period_start := greatest(lower(v_period), case when basis <> 'default' then anchor end, case when basis = 'subscription' then v_ended end);
      period_end := case when basis = 'subscription' then least(upper(v_period), s.ends_at, case when v_at < v_switch then v_switch end) else upper(v_period) end;
    end if;
    if basis = 'subscription' and v_at < usage_from then
      select coalesce(max(r.at), '-infinity') into usage_from from subctl.usage_resets r where r.customer_id = v_customer and r.at <= v_at;
    end if;
    -- a change that counted nothing anew may stand in a period that began before it
    if basis <> 'subscription' or v_at < s.usage_reset_at or v_at < s.from_at or period_start <> s.current_period_start then
      usage_from := greatest(usage_from, period_start);
    end if;
  end if;
  return next;
end $$;
