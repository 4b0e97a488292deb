-- Writes the rows of due_credits in one statement for the common cases: customers whose plan's grant ends where the
-- next one begins, customers with their first plan, and customers with only expiries or with nothing. Cases of several
-- steps (several missed periods, rollover, a change of plan, a plan taken again, a reset, separate cycles) are left to
-- due_credits. The caller has locked the customers. Returns the completed customers, and the number of ledger rows.
create or replace function subctl_internal.post_plain_credits(
  p_customers text[], p_as_of timestamptz, p_change text, out done text[], out entries int)
language plpgsql volatile set enable_nestloop = off set enable_mergejoin = off
  set enable_seqscan = off set search_path = pg_catalog, subctl, pg_temp as $$
begin
  with heads as materialized (
    select h.customer_id, h.every, h.anchor, h.anchor_timezone, h.since, h.period_start, h.period_end,
           'plan:' || h.plan_id || ':' as prefix, v.credits, coalesce(v.credits > 0 and h.access, false) as gives,
           coalesce(v.rollover_max, 0) > 0 and h.access as rolls
      from subctl_internal.subscriptions_at(p_customers, p_as_of) h
      join subctl.plan_versions v on v.plan_id = h.plan_id and v.version = h.version and v.credits_every is null
                                 and not (v.per_seat and v.credits > 0) is true
  ), grants as (
    select h.customer_id, sum(x.remaining) filter (where x.expired_at is null) as balance,
           count(*) filter (where x.expired_at is null and x.expires_at <= p_as_of) as due,
           max(x.expires_at) filter (where x.expired_at is null and x.expires_at <= p_as_of) as due_at,
           (array_agg(x.id) filter (where x.expired_at is null and x.expires_at <= p_as_of))[1] as due_id,
           sum(x.remaining) filter (where x.expired_at is null and x.expires_at <= p_as_of) as due_remaining,
           bool_or(x.source in ('plan', 'rollover', 'reset')) as had_some,
           bool_or(x.expired_at is null
                   and (x.source = 'reset' or x.source in ('plan', 'rollover') and x.granted_at < h.anchor
                        and x.expires_at > h.anchor)) as is_odd,
           max(x.granted_at) filter (where x.source = 'plan' and starts_with(x.source_key, h.prefix)) as newest,
           -- the newest of the plan's present run, as in due_credits
           max(x.granted_at) filter (where x.source = 'plan' and starts_with(x.source_key, h.prefix)
                                       and (x.granted_at >= h.since or x.expires_at > h.since)) as last
      from heads h
      join subctl.credit_grants x on x.customer_id = h.customer_id and x.customer_id = any (p_customers)
     group by h.customer_id
  ), plain as materialized (
    select h.customer_id, g.due, g.due_at, g.due_id, coalesce(g.due_remaining, 0) as due_remaining, n.gives,
           case when n.gives then subctl_internal.uuid7(c.next_start) end as next_id, c.next_start,
             h.period_end as next_end,
           h.prefix, h.credits, coalesce(g.balance, 0) as balance,
           (select coalesce(max(l.id), 0) from subctl.credit_entries l where l.customer_id = h.customer_id) as entry
      from heads h
      left join grants g on g.customer_id = h.customer_id
     cross join lateral (
       select h.gives and g.had_some is not true and h.since = h.anchor and h.since = h.period_start as is_first
       offset 0) k
      left join lateral subctl_internal.months_period_end(h.anchor, h.every, g.last, h.anchor_timezone) m
        on h.gives and g.last < h.period_start
     cross join lateral (   -- the start of the next cycle whose grant is due
       select case when k.is_first then h.since
                   when h.gives and g.last >= h.period_start then h.period_end
                   when h.gives then coalesce(m.ends, upper(subctl_internal.period_at(h.anchor, h.every, g.last,
                                                                                      h.anchor_timezone))) end as
                     next_start offset 0) c
     cross join lateral (select k.is_first or coalesce(c.next_start <= p_as_of, false) as gives offset 0) n
     where g.is_odd is not true and case
             when k.is_first then coalesce(g.due, 0) = 0 and h.period_end > p_as_of
             when not h.gives then coalesce(g.due, 0) = 0 or not h.rolls
             when c.next_start > p_as_of then coalesce(g.due, 0) = 0 or not h.rolls
             else g.due = 1 and not h.rolls and g.due_at = c.next_start and g.newest < c.next_start
                  and c.next_start >= h.period_start and c.next_start < h.period_end and h.period_end > p_as_of
           end
  ), many as materialized (
    select p.customer_id, g.id, g.remaining, g.expires_at,
           p.entry + count(*) filter (where g.remaining > 0) over nth as entry,
           p.balance - sum(g.remaining) over nth as balance
      from plain p
      join subctl.credit_grants g on g.customer_id = p.customer_id and g.expired_at is null
                                 and g.expires_at <= p_as_of and g.customer_id = any (p_customers)
     where p.due > 1
    window nth as (partition by p.customer_id
                   order by g.expires_at, g.granted_at, g.source desc, g.id rows unbounded preceding)
  ), expired as (
    update subctl.credit_grants g set remaining = 0, expired_at = e.expires_at
      from (select p.customer_id, p.due_id as id, p.due_at as expires_at from plain p where p.due = 1
            union all
            select m.customer_id, m.id, m.expires_at from many m) e
     where g.customer_id = e.customer_id and g.id = e.id and g.customer_id = any (p_customers)
  ), made as (
    insert into subctl.credit_grants (customer_id, id, source, source_key, amount, remaining, priority, granted_at,
                                      expires_at, change_id)
    select p.customer_id, p.next_id, 'plan', p.prefix || subctl_internal.iso(p.next_start), p.credits, p.credits, 20,
           p.next_start, p.next_end, p_change
      from plain p where p.gives
  ), written as (
    insert into subctl.credit_entries (customer_id, id, grant_id, at, kind, amount, balance_after, change_id)
    select p.customer_id, p.entry + 1, p.due_id, p.due_at, 'expire', -p.due_remaining, p.balance - p.due_remaining,
           p_change
      from plain p where p.due = 1 and p.due_remaining > 0
    union all
    select m.customer_id, m.entry, m.id, m.expires_at, 'expire', -m.remaining, m.balance, p_change
      from many m where m.remaining > 0
    union all
    select p.customer_id, p.entry + case when p.due_remaining > 0 then 2 else 1 end, p.next_id, p.next_start, 'grant',
           p.credits, p.balance - p.due_remaining + p.credits, p_change
      from plain p where p.gives
    returning 1
  )
  select coalesce((select array_agg(p.customer_id) from plain p), '{}'), (select count(*) from written) into done,
         entries;
end $$;
