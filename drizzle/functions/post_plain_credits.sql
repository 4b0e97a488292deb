-- Writes in one statement what due_credits says for nearly all customers: those whose plan's grant has run out just
-- where the next one begins, those who have just taken their first plan, and those with nothing but expiries, or with
-- nothing at all. What needs more than one step (several missed periods, rollover, a change of plan, a plan taken
-- again, a reset, cycles of their own …) is left to due_credits.
-- The caller has locked the customers. Returns the customers that are done, and the number of ledger rows.
create or replace function subctl.post_plain_credits(
  p_customers text[], p_as_of timestamptz, p_change text, out done text[], out entries int)
language plpgsql volatile set enable_seqscan = off set search_path = pg_catalog, subctl, pg_temp as $$
begin
  with plain as materialized (
    select h.customer_id, 'plan:' || h.plan_id || ':' as prefix, v.credits, g.balance, g.due, g.due_at, g.due_id,
           g.due_remaining, k.is_first or coalesce(c.next_start <= p_as_of, false) as gives, k.is_first, c.next_start,
           h.period_end as next_end,
           (select coalesce(max(l.id), 0) from subctl.credit_entries l where l.customer_id = h.customer_id) as entry
      from subctl.heads_at(p_customers, p_as_of) h
      join subctl.plan_versions v on v.plan_id = h.plan_id and v.version = h.version and v.credits_every is null
                                 and not (v.per_seat and v.credits > 0) is true
     cross join lateral (
       select coalesce(sum(x.remaining) filter (where x.expired_at is null), 0) as balance,
              count(*) filter (where x.expired_at is null and x.expires_at <= p_as_of) as due,
              max(x.expires_at) filter (where x.expired_at is null and x.expires_at <= p_as_of) as due_at,
              (array_agg(x.id) filter (where x.expired_at is null and x.expires_at <= p_as_of))[1] as due_id,
              sum(x.remaining) filter (where x.expired_at is null and x.expires_at <= p_as_of) as due_remaining,
              count(*) filter (where x.source in ('plan', 'rollover', 'reset')) as of_plans,
              bool_or(x.expired_at is null
                      and (x.source = 'reset' or x.source in ('plan', 'rollover') and x.granted_at < h.anchor
                           and x.expires_at > h.anchor)) as is_odd,
              max(x.granted_at) filter (where x.source = 'plan'
                                        and starts_with(x.source_key, 'plan:' || h.plan_id || ':')) as newest,
              -- the newest of the plan's present run, as in due_credits
              max(x.granted_at) filter (where x.source = 'plan'
                                        and starts_with(x.source_key, 'plan:' || h.plan_id || ':')
                                          and (x.granted_at >= h.since or x.expires_at > h.since)) as last
         from subctl.credit_grants x where x.customer_id = h.customer_id) g
     cross join lateral (
       select f.*, f.gives and g.of_plans = 0 and h.since = h.anchor and h.since = h.period_start as is_first
         from (select coalesce(v.credits > 0 and h.access, false) as gives,
                      coalesce(v.rollover_max, 0) > 0 and h.access as rolls) f offset 0) k
      left join lateral subctl.plain_period(h.anchor, h.every, g.last, h.anchor_timezone) m
        on k.gives and g.last < h.period_start
     cross join lateral (   -- the start of the next cycle whose grant is due
       select case when k.is_first then h.since
                   when k.gives and g.last >= h.period_start then h.period_end
                   when k.gives then coalesce(m.ends, upper(subctl.period_at(h.anchor, h.every, g.last,
                                                                             h.anchor_timezone))) end as
                     next_start offset 0) c
     where g.is_odd is not true and case
             when k.is_first then g.due = 0 and h.period_end > p_as_of
             when not k.gives then g.due = 0 or not k.rolls
             when c.next_start > p_as_of then g.due = 0 or not k.rolls
             else g.due = 1 and not k.rolls and g.due_at = c.next_start and g.newest < c.next_start
                  and c.next_start >= h.period_start and c.next_start < h.period_end and h.period_end > p_as_of
           end
  ), expiring as materialized (
    select p.*, p.due_id as id, p.due_remaining as remaining, p.due_at as expires_at,
           case when p.due_remaining > 0 then 1 else 0 end as step, p.due_remaining as gone,
           case when p.gives then subctl.uuid7(p.next_start) end as next_id
      from plain p where p.due = 1
    union all
    select p.*, g.id, g.remaining, g.expires_at, count(*) filter (where g.remaining > 0) over nth,
           sum(g.remaining) over nth, null
      from plain p
      join subctl.credit_grants g on g.customer_id = p.customer_id and g.expired_at is null and g.expires_at <= p_as_of
     where p.due > 1
    window nth as (partition by p.customer_id
                   order by g.expires_at, g.granted_at, g.source desc, g.id rows unbounded preceding)
  ), expired as (
    update subctl.credit_grants g set remaining = 0, expired_at = e.expires_at
      from expiring e where g.customer_id = e.customer_id and g.id = e.id
    returning e.*
  ), given as (
    select e.customer_id, e.entry + e.step + 1 as entry, e.next_id, e.prefix, e.credits, e.next_start, e.next_end,
           e.balance - e.gone + e.credits as balance
      from expired e where e.gives
    union all
    select p.customer_id, p.entry + 1, subctl.uuid7(p.next_start), p.prefix, p.credits, p.next_start, p.next_end,
           p.balance + p.credits
      from plain p where p.is_first
  ), made as (
    insert into subctl.credit_grants (customer_id, id, source, source_key, amount, remaining, priority, granted_at,
                                      expires_at, change_id)
    select n.customer_id, n.next_id, 'plan', n.prefix || subctl.iso(n.next_start), n.credits, n.credits, 20,
           n.next_start, n.next_end, p_change
      from given n
  ), written as (
    insert into subctl.credit_entries (customer_id, id, grant_id, at, kind, amount, balance_after, change_id)
    select e.customer_id, e.entry + e.step, e.id, e.expires_at, 'expire', -e.remaining, e.balance - e.gone, p_change
      from expired e where e.remaining > 0
    union all
    select n.customer_id, n.entry, n.next_id, n.next_start, 'grant', n.credits, n.balance, p_change from given n
    returning customer_id
  )
  select coalesce((select array_agg(p.customer_id) from plain p), '{}'), (select count(*) from written) into done,
         entries;
end $$;
