-- Returns what the credit ledger of a customer still lacks at an instant: expiries of grants, their rollovers, and the
-- plan's grant of every period that has begun (R16, R22, R24, R36), in order of time, each with the balance after it.
-- A rollover is spent before the plan's new grant (priority 15 before 20), because it does not roll over again. Writes
-- nothing: reads add these rows to the balance, post_due_credits writes them. brief leaves out ended cycles that do
-- not change the balance, for fast reads. With most it stops after that many rows; the next call continues there.
create or replace function subctl_internal.due_credits(
  p_customer text, p_as_of timestamptz, brief boolean default false, most int default null, out step int,
  out kind text, out at timestamptz, out grant_id uuid, out existing boolean, out source text, out source_key text,
  out amount numeric, out priority int, out expires_at timestamptz, out dead_at timestamptz, out balance_after numeric)
returns setof record
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_run record;
  v_grant record;
  v_next timestamptz;                   -- start of the next cycle whose grant is due
  v_until timestamptz;
  v_done timestamptz := '-infinity';
  v_cycle tstzrange;
  v_given numeric;
  v_leap timestamptz;                   -- the start of the cycle before the current one
  v_made int;
  v_balance numeric;
  -- grants that this function makes: they may expire again before p_as_of
  v_ids uuid[] := '{}';
  v_keys text[] := '{}';
  v_ends timestamptz[] := '{}';
  v_amounts numeric[] := '{}';
  v_plan boolean[] := '{}';
begin
  select coalesce(sum(c.remaining), 0) into v_balance
    from subctl.credit_grants c where c.customer_id = p_customer and c.expired_at is null;
  step := 0;
  select * into v_run from subctl_internal.credit_run(p_customer, p_as_of);
  if not found then return; end if;
  v_next := v_run.next_at;
  loop
    v_until := least(v_next, p_as_of);
    -- 1 the grants that have expired up to here: those of the table, then those made above
    for v_grant in
      select c.id, c.source, c.source_key, c.remaining, c.granted_at < x.ends as lived, x.ends as expires_at
        from subctl.credit_grants c
       cross join lateral (
         select case when c.granted_at < v_run.cut and c.source in ('plan', 'rollover', 'reset')
                     then least(c.expires_at, v_run.cut) else c.expires_at end as ends) x
       where c.customer_id = p_customer and c.expired_at is null and x.ends <= v_until and x.ends > v_done
       order by x.ends, c.granted_at, c.source desc, c.id   -- the order in which they are made below
    loop
      v_balance := v_balance - v_grant.remaining;
      step := step + 1; kind := 'expire'; at := v_grant.expires_at; grant_id := v_grant.id; existing := true;
      source := v_grant.source; source_key := v_grant.source_key;
      amount := v_grant.remaining; priority := null; expires_at := null; dead_at := null; balance_after := v_balance;
      return next;
      -- grants cut short by an upgrade, an end or a reset do not roll over, nor those of another plan, nor those that
      -- ended as they began; those of an extended period do
      v_cycle := case when v_run.rollover > 0 then
        subctl_internal.cycle_around(p_customer, v_run.basis, v_run.anchor, v_run.cycle, v_grant.expires_at,
                                     v_run.anchor_timezone, v_run.before, v_run.turn) end;
      if v_run.rollover > 0 and v_grant.remaining > 0 and v_grant.lived and v_run.access
         and (v_grant.expires_at > coalesce(v_run.since, '-infinity')
              or v_grant.expires_at = v_run.since
                 and subctl_internal.continues_plan(p_customer, v_run.subscription_id, v_run.since))
         and v_grant.expires_at in (v_next, v_run.period_start, lower(v_cycle))
         and (v_grant.source = 'plan' and starts_with(v_grant.source_key, v_run.prefix)
              or v_grant.source = 'reset') then
        v_ids := v_ids || subctl_internal.uuid7(v_grant.expires_at);
        v_keys := v_keys || ('rollover:' || v_grant.source_key);
        v_amounts := v_amounts || least(v_grant.remaining, v_run.rollover);
        v_ends := v_ends || upper(v_cycle); v_plan := v_plan || false;
        v_made := cardinality(v_ids);
        v_balance := v_balance + v_amounts[v_made];
        step := step + 1; kind := 'grant'; grant_id := v_ids[v_made]; existing := false; source := 'rollover';
        source_key := v_keys[v_made]; amount := v_amounts[v_made];
        priority := 15; expires_at := v_ends[v_made]; balance_after := v_balance;
        dead_at := case when v_ends[v_made] <= p_as_of then v_ends[v_made] end;
        return next;
      end if;
    end loop;
    for i in 1 .. cardinality(v_ids) loop
      continue when v_ends[i] > v_until or v_ends[i] <= v_done;
      v_balance := v_balance - v_amounts[i];
      step := step + 1; kind := 'expire'; at := v_ends[i]; grant_id := v_ids[i]; existing := false;
      source := case when v_plan[i] then 'plan' else 'rollover' end;
      source_key := v_keys[i]; amount := v_amounts[i]; priority := null; expires_at := null; dead_at := null;
      balance_after := v_balance;
      return next;
      if v_plan[i] and v_run.rollover > 0 then
        v_ids := v_ids || subctl_internal.uuid7(v_ends[i]); v_keys := v_keys || ('rollover:' || v_keys[i]);
        v_amounts := v_amounts || least(v_amounts[i], v_run.rollover);
        v_ends := v_ends || upper(subctl_internal.cycle_around(
          p_customer, v_run.basis, v_run.anchor, v_run.cycle, v_ends[i], v_run.anchor_timezone, v_run.before,
          v_run.turn));
        v_plan := v_plan || false; v_made := cardinality(v_ids);
        v_balance := v_balance + v_amounts[v_made];
        step := step + 1; kind := 'grant'; grant_id := v_ids[v_made]; existing := false; source := 'rollover';
        source_key := v_keys[v_made]; amount := v_amounts[v_made]; priority := 15; expires_at := v_ends[v_made];
        dead_at := case when expires_at <= p_as_of then expires_at end; balance_after := v_balance;
        return next;
      end if;
    end loop;
    v_done := v_until;
    exit when v_next > p_as_of;
    if cardinality(v_ids) > 8 then   -- forget those that have expired
      select coalesce(array_agg(x.id), '{}'), coalesce(array_agg(x.key), '{}'), coalesce(array_agg(x.ends), '{}'),
             coalesce(array_agg(x.amount), '{}'), coalesce(array_agg(x.plan), '{}')
        into v_ids, v_keys, v_ends, v_amounts, v_plan
        from unnest(v_ids, v_keys, v_ends, v_amounts, v_plan) x(id, key, ends, amount, plan) where x.ends > v_until;
    end if;
    if brief and v_leap is null then
      -- rollovers into the current cycle come from the cycle before it
      v_leap := lower(subctl_internal.cycle_around(p_customer, v_run.basis, v_run.anchor, v_run.cycle, p_as_of,
                                                   v_run.anchor_timezone, v_run.before, v_run.turn));
      if v_run.own then v_leap := least(v_leap, v_run.period_start); end if;
      v_leap := lower(subctl_internal.cycle_around(
        p_customer, v_run.basis, v_run.anchor, v_run.cycle, v_leap - interval '1 microsecond',
        v_run.anchor_timezone, v_run.before, v_run.turn));
      if v_leap > v_next and v_leap >= greatest(v_run.since, v_run.turn) then
        v_next := v_leap;
        continue;
      end if;
    end if;
    -- 2 the plan's grant of the cycle that begins here. In the current period it ends with it (a trial, an extension),
    -- unless cycles of their own continue over the period's end
    v_cycle := subctl_internal.cycle_around(p_customer, v_run.basis, v_run.anchor, v_run.cycle, v_next,
                                            v_run.anchor_timezone, v_run.before, v_run.turn);
    if v_next >= v_run.period_start and v_next < v_run.period_end then
      v_cycle := tstzrange(lower(v_cycle), case when v_run.own then v_run.period_end
        when v_run.status <> 'trialing' and v_run.period_end =
             lower(subctl_internal.period_at(v_run.anchor, v_run.every, v_run.period_end, v_run.anchor_timezone))
          then upper(v_cycle)
        else least(upper(v_cycle), v_run.period_end) end);
    end if;
    v_given := v_run.credits * case when v_next >= v_run.seats_from then v_run.seats_next
                                    else coalesce(v_run.seats, 1) end;
    if v_next = v_run.since and v_run.change is null then
      -- a plan that was taken again (R32)
      v_given := v_given - subctl_internal.credits_before(p_customer, v_run.plan_id, v_run.since, lower(v_cycle));
      if v_given <= 0 then v_next := upper(v_cycle); continue; end if;
    end if;
    v_ids := v_ids || subctl_internal.uuid7(v_next); v_keys := v_keys || (v_run.prefix || subctl_internal.iso(v_next));
    v_amounts := v_amounts || v_given; v_ends := v_ends || upper(v_cycle); v_plan := v_plan || true;
    v_made := cardinality(v_ids); v_balance := v_balance + v_given;
    step := step + 1; kind := 'grant'; at := v_next; grant_id := v_ids[v_made]; existing := false; source := 'plan';
    source_key := v_keys[v_made]; amount := v_given; priority := 20; expires_at := v_ends[v_made];
    balance_after := v_balance;
    dead_at := case when v_ends[v_made] <= p_as_of then v_ends[v_made] end;
    return next;
    v_next := upper(v_cycle);
    exit when step >= most;
  end loop;
end $$;
