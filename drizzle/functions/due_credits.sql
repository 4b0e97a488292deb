-- What the ledger of a customer still has to say at an instant: expiries of grants whose time is over, what rolls over, and the plan's
-- grant of every period that has begun (R16, R22, R24, R36), in the order of their time, each with the balance after it.
-- What rolled over burns before the plan's new grant (priority 15, 20), for it does not roll again.
-- Writes nothing: a read adds these rows to the balance, post_due_credits writes them. `brief` leaves out cycles that are over and change no
-- balance at `as_of`, so that a read of any date is quick. With `most` it ends after the grant that makes so many rows:
-- once those are written, the next call goes on from there.
create or replace function subctl.due_credits(
  customer text, as_of timestamptz, brief boolean default false, most int default null,
  out step int, out kind text, out at timestamptz, out grant_id uuid, out existing boolean, out source text, out source_key text,
  out amount numeric, out priority int, out expires_at timestamptz, out dead_at timestamptz, out balance_after numeric)
returns setof record
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
declare
  v_customer alias for $1;
  v_now alias for $2;
  e record;
  v_credits numeric;
  v_given numeric;
  v_every text;
  v_seats int; v_seats_next int; v_seats_from timestamptz;   -- credits of a plan that is sold by the seat: so many times as there are seats when a cycle begins
  v_rollover numeric;
  v_cycle tstzrange;
  v_next timestamptz := 'infinity';     -- start of the next cycle whose grant is due
  v_until timestamptz;
  v_last timestamptz;
  v_lasts timestamptz;                  -- until when that grant lives: its end may have moved with the period's
  v_done timestamptz := '-infinity';
  v_leap timestamptz;                   -- the start of the cycle before the one that runs
  v_balance numeric;
  v_prefix text;
  v_cut timestamptz;                    -- an end that nobody has written, or where cycles are counted anew: what a plan gave before ends there
  v_own boolean;                        -- credits come with the billing period, not by a rhythm of their own
  v_since timestamptz;                  -- since when it stands on this plan
  v_change timestamptz;                 -- since when, where nobody has written that
  v_before timestamptz; v_turn timestamptz;   -- cycles of their own that nobody has written: until v_turn they are counted from v_before
  g record;
  -- grants that this function makes: they may expire again before v_now
  v_ids uuid[] := '{}'; v_keys text[] := '{}'; v_ends timestamptz[] := '{}'; v_amounts numeric[] := '{}'; v_plan boolean[] := '{}';
  i int;
begin
  select coalesce(sum(c.remaining), 0) into v_balance from subctl.credit_grants c where c.customer_id = v_customer and c.expired_at is null;
  step := 0;
  select * into e from subctl.effective_subscription(v_customer, v_now);
  if not found then return; end if;
  if e.plan_id is not null then
    select pv.credits, coalesce(pv.credits_every, e.every), coalesce(pv.rollover_max, 0), pv.credits_every is null
      into v_credits, v_every, v_rollover, v_own
      from subctl.plan_versions pv where pv.plan_id = e.plan_id and pv.version = e.version;
  end if;
  if v_credits > 0 and e.basis = 'subscription' then
    select s.quantity, coalesce(s.pending_quantity, s.quantity), s.current_period_end into v_seats, v_seats_next, v_seats_from
      from subctl.subscriptions s join subctl.plan_versions pv on pv.plan_id = e.plan_id and pv.version = e.version and pv.per_seat
     where s.customer_id = v_customer and s.id = e.subscription_id;
  end if;
  v_prefix := 'plan:' || e.plan_id || ':';
  v_since := e.since;
  if e.basis = 'subscription' then
    -- what nobody has written: another plan, an anchor that moved with a period's end (before it the old one counts, for cycles of their own),
    -- and that it is past due, which changes no credits
    select t.change, case when t.turns then s.anchor end, case when t.turns then x.ends end,
           case when t.change is not null then t.change
                when t.turns or e.status = 'past_due' and s.status <> 'past_due' and s.anchor = e.anchor then x.since
                when e.status = 'past_due' and s.status <> 'past_due' then e.anchor else e.since end
      into v_change, v_before, v_turn, v_since
      from subctl.subscriptions s
     cross join lateral (
       select case when s.status = 'paused' then s.resumes_at else s.from_at end as since,
              case when s.status = 'paused' and s.pause_clock = 'runs' then greatest(s.current_period_end, s.resumes_at) else s.current_period_end end as ends) x
     cross join lateral (
       select not v_own and x.ends = e.anchor and s.anchor <> e.anchor and (s.pending_plan_id is null or s.pending_at > v_now)
          and (s.status in ('active', 'past_due') or s.status = 'paused' and (s.trial_end > s.paused_at) is not true) as turns,
              case when s.pending_plan_id is not null and v_now >= greatest(x.ends, s.pending_at)
                    and (e.plan_id, e.version, e.every) <> (s.plan_id, s.version, s.every) then greatest(x.ends, s.pending_at) end as change) t
     where s.customer_id = v_customer and s.id = e.subscription_id;
  end if;
  v_cut := case when e.basis = 'fallback' or e.reason = 'no_subscription' then e.since when e.basis = 'subscription' then greatest(e.anchor, v_change) end;
  if v_credits > 0 and e.access then
    -- the newest grant of this plan that is of its present run: begun since then, or still alive when it began (a change of status alone)
    select c.granted_at, case when c.granted_at < v_cut then least(c.expires_at, v_cut) else c.expires_at end into v_last, v_lasts
      from subctl.credit_grants c
     where c.customer_id = v_customer and (c.source = 'plan' and starts_with(c.source_key, v_prefix) or c.source = 'reset')
       and (v_since is null or c.granted_at >= v_since or c.expires_at > v_since and v_change is null)
     order by c.granted_at desc limit 1;
    if v_last is not null then
      v_next := case when v_own and v_last >= e.period_start then e.period_end else greatest(upper(subctl.cycle_around(v_customer, e.basis, e.anchor, v_every, v_last, e.anchor_timezone, v_before, v_turn)), v_lasts) end;
    else
      v_next := lower(subctl.cycle_around(v_customer, e.basis, e.anchor, v_every, coalesce(v_since, v_now), e.anchor_timezone, v_before, v_turn));
      if v_next < v_since then v_next := v_since; end if;
    end if;
  end if;

  loop
    v_until := least(v_next, v_now);
    -- 1 what has expired up to here: grants of the table, then those made above
    for g in select c.id, c.source, c.source_key, c.remaining, c.granted_at < x.ends as lived, x.ends as expires_at
               from subctl.credit_grants c
              cross join lateral (select case when c.granted_at < v_cut and c.source in ('plan', 'rollover', 'reset')
                                              then least(c.expires_at, v_cut) else c.expires_at end as ends) x
              where c.customer_id = v_customer and c.expired_at is null and x.ends <= v_until and x.ends > v_done
              order by x.ends, c.granted_at, c.source desc, c.id loop   -- as they are made below: what rolled over, then the plan's
      v_balance := v_balance - g.remaining;
      step := step + 1; kind := 'expire'; at := g.expires_at; grant_id := g.id; existing := true; source := g.source; source_key := g.source_key;
      amount := g.remaining; priority := null; expires_at := null; dead_at := null; balance_after := v_balance;
      return next;
      -- what an upgrade, an end or a reset cut short does not roll over, nor what another plan gave, nor what ended as it began; an extended
      -- period's does
      if v_rollover > 0 and g.remaining > 0 and g.lived and e.access
         and (g.expires_at > coalesce(v_since, '-infinity') or g.expires_at = v_since and subctl.goes_on(v_customer, e.subscription_id, v_since))
         and g.expires_at in (v_next, e.period_start, lower(subctl.cycle_around(v_customer, e.basis, e.anchor, v_every, g.expires_at, e.anchor_timezone, v_before, v_turn)))
         and (g.source = 'plan' and starts_with(g.source_key, v_prefix) or g.source = 'reset') then
        v_ids := v_ids || subctl.uuid7(g.expires_at); v_keys := v_keys || ('rollover:' || g.source_key); v_amounts := v_amounts || least(g.remaining, v_rollover);
        v_ends := v_ends || upper(subctl.cycle_around(v_customer, e.basis, e.anchor, v_every, g.expires_at, e.anchor_timezone, v_before, v_turn)); v_plan := v_plan || false;
        i := cardinality(v_ids);
        v_balance := v_balance + v_amounts[i];
        step := step + 1; kind := 'grant'; grant_id := v_ids[i]; existing := false; source := 'rollover'; source_key := v_keys[i]; amount := v_amounts[i];
        priority := 15; expires_at := v_ends[i]; dead_at := case when v_ends[i] <= v_now then v_ends[i] end; balance_after := v_balance;
        return next;
      end if;
    end loop;
    for i in 1 .. cardinality(v_ids) loop
      continue when v_ends[i] > v_until or v_ends[i] <= v_done;
      v_balance := v_balance - v_amounts[i];
      step := step + 1; kind := 'expire'; at := v_ends[i]; grant_id := v_ids[i]; existing := false; source := case when v_plan[i] then 'plan' else 'rollover' end;
      source_key := v_keys[i]; amount := v_amounts[i]; priority := null; expires_at := null; dead_at := null; balance_after := v_balance;
      return next;
      if v_plan[i] and v_rollover > 0 then
        v_ids := v_ids || subctl.uuid7(v_ends[i]); v_keys := v_keys || ('rollover:' || v_keys[i]); v_amounts := v_amounts || least(v_amounts[i], v_rollover);
        v_ends := v_ends || upper(subctl.cycle_around(v_customer, e.basis, e.anchor, v_every, v_ends[i], e.anchor_timezone, v_before, v_turn)); v_plan := v_plan || false;
        v_balance := v_balance + v_amounts[cardinality(v_ids)];
        step := step + 1; kind := 'grant'; grant_id := v_ids[cardinality(v_ids)]; existing := false; source := 'rollover'; source_key := v_keys[cardinality(v_ids)];
        amount := v_amounts[cardinality(v_ids)]; priority := 15; expires_at := v_ends[cardinality(v_ids)];
        dead_at := case when expires_at <= v_now then expires_at end; balance_after := v_balance;
        return next;
      end if;
    end loop;
    v_done := v_until;
    exit when v_next > v_now;
    if cardinality(v_ids) > 8 then   -- what has expired is said
      select coalesce(array_agg(x.id), '{}'), coalesce(array_agg(x.key), '{}'), coalesce(array_agg(x.ends), '{}'),
             coalesce(array_agg(x.amount), '{}'), coalesce(array_agg(x.plan), '{}')
        into v_ids, v_keys, v_ends, v_amounts, v_plan
        from unnest(v_ids, v_keys, v_ends, v_amounts, v_plan) x(id, key, ends, amount, plan) where x.ends > v_until;
    end if;
    if brief and v_leap is null then
      -- what rolls over into the cycle that runs comes of the one before it
      v_leap := lower(subctl.cycle_around(v_customer, e.basis, e.anchor, v_every, v_now, e.anchor_timezone, v_before, v_turn));
      if v_own then v_leap := least(v_leap, e.period_start); end if;
      v_leap := lower(subctl.cycle_around(v_customer, e.basis, e.anchor, v_every, v_leap - interval '1 microsecond', e.anchor_timezone, v_before, v_turn));
      if v_leap > v_next and v_leap >= greatest(v_since, v_turn) then
        v_next := v_leap;
        continue;
      end if;
    end if;
    -- 2 the plan's grant of the cycle that begins here; in the period that runs now it ends with it (a trial, an extension), save where
    -- cycles of their own go on over the period's end
    v_cycle := subctl.cycle_around(v_customer, e.basis, e.anchor, v_every, v_next, e.anchor_timezone, v_before, v_turn);
    if v_next >= e.period_start and v_next < e.period_end then
      v_cycle := tstzrange(lower(v_cycle), case when v_own then e.period_end
        when e.status <> 'trialing' and lower(subctl.period_at(e.anchor, e.every, e.period_end, e.anchor_timezone)) = e.period_end then upper(v_cycle)
        else least(upper(v_cycle), e.period_end) end);
    end if;
    v_given := v_credits * case when v_next >= v_seats_from then v_seats_next else coalesce(v_seats, 1) end;
    if v_next = v_since and v_change is null then
      -- of a plan that was taken again (R32)
      v_given := v_given - subctl.credits_before(v_customer, e.plan_id, v_since, lower(v_cycle));
      if v_given <= 0 then v_next := upper(v_cycle); continue; end if;
    end if;
    v_ids := v_ids || subctl.uuid7(v_next); v_keys := v_keys || (v_prefix || subctl.iso(v_next)); v_amounts := v_amounts || v_given;
    v_ends := v_ends || upper(v_cycle); v_plan := v_plan || true;
    i := cardinality(v_ids);
    v_balance := v_balance + v_given;
    step := step + 1; kind := 'grant'; at := v_next; grant_id := v_ids[i]; existing := false; source := 'plan'; source_key := v_keys[i]; amount := v_given;
    priority := 20; expires_at := v_ends[i]; dead_at := case when v_ends[i] <= v_now then v_ends[i] end; balance_after := v_balance;
    return next;
    v_next := upper(v_cycle);
    exit when step >= most;
  end loop;
end $$;
