-- Writes in one statement what due_credits says for nearly all customers: those whose plan's grant has run out just
-- where the next one begins, and those with nothing but expiries, or with nothing at all. What needs more than one
-- step (several missed periods, rollover, a change of plan, a reset, cycles of their own …) is left to due_credits.
-- The caller has locked the customers. Gives the customers that are done with, and the number of ledger rows.
create or replace function subctl.post_plain_credits(
  p_customers text[], p_as_of timestamptz, p_change text, out done text[], out entries int)
language plpgsql volatile set enable_seqscan = off set search_path = pg_catalog, subctl, pg_temp as $$
begin
  with standing as materialized (
    select h.*, 'plan:' || h.plan_id || ':' as prefix, v.credits > 0 and h.access as gives, v.credits,
           v.credits_every is null as own,
           coalesce(v.credits_every, h.every) as rhythm, coalesce(v.rollover_max, 0) > 0 and h.access as rolls,
           v.per_seat and v.credits > 0 as by_seat,
           g.*
      from subctl.heads_at(p_customers, p_as_of) h
      join subctl.plan_versions v on v.plan_id = h.plan_id and v.version = h.version
     cross join lateral (
       select coalesce(sum(x.remaining) filter (where x.expired_at is null), 0) as balance,
              count(*) filter (where x.expired_at is null and x.expires_at <= p_as_of) as due,
              max(x.expires_at) filter (where x.expired_at is null and x.expires_at <= p_as_of) as due_at,
             count(*) filter (where x.expired_at is null
                              and (x.source = 'reset' or x.source in ('plan', 'rollover') and x.granted_at < h.anchor
                                   and x.expires_at > h.anchor)) as odd,
              max(x.granted_at) filter (where x.source = 'plan'
                                        and starts_with(x.source_key, 'plan:' || h.plan_id || ':')) as newest,
              -- the newest of the plan's present run, as in due_credits
              max(x.granted_at) filter (where x.source = 'plan'
                                        and starts_with(x.source_key, 'plan:' || h.plan_id || ':')
                                          and (x.granted_at >= h.since or x.expires_at > h.since)) as last
         from subctl.credit_grants x where x.customer_id = h.customer_id) g
  ), next as materialized (
    -- the start of the next cycle whose grant is due, and its end
    select s.*, c.next_start,
           case when s.own then s.period_end
                else least(upper(subctl.period_at(s.anchor, s.rhythm, c.next_start, s.anchor_timezone)),
                           s.period_end) end as next_end
      from standing s
     cross join lateral (
       select case when s.gives and s.own and s.last >= s.period_start then s.period_end
                   when s.gives then upper(subctl.period_at(s.anchor, s.rhythm, s.last, s.anchor_timezone)) end as
                     next_start offset 0) c
  ), plain as materialized (
    select n.*, coalesce(n.next_start <= p_as_of, false) as renews,
           (select coalesce(max(l.id), 0) from subctl.credit_entries l where l.customer_id = n.customer_id) as entry
      from next n
     where n.own and n.odd = 0 and not n.by_seat is true and case
             when not n.gives then n.due = 0 or not n.rolls
             when n.next_start > p_as_of then n.due = 0 or not n.rolls
             else n.due = 1 and not n.rolls and n.due_at = n.next_start and n.newest < n.next_start
                  and n.next_start >= n.period_start and n.next_start < n.period_end and n.next_end > p_as_of
           end
  ), expiring as materialized (
    select p.customer_id, p.entry, p.balance, p.renews, p.prefix, p.credits, p.next_start, p.next_end, g.id,
           g.remaining, g.expires_at,
           count(*) filter (where g.remaining > 0) over nth as step, sum(g.remaining) over nth as gone,
           case when p.renews then subctl.uuid7(p.next_start) end as next_id
      from plain p
      join subctl.credit_grants g on g.customer_id = p.customer_id and g.expired_at is null and g.expires_at <= p_as_of
     where p.due > 0
    window nth as (partition by p.customer_id
                   order by g.expires_at, g.granted_at, g.source desc, g.id rows unbounded preceding)
  ), expired as (
    update subctl.credit_grants g set remaining = 0, expired_at = e.expires_at
      from expiring e where g.customer_id = e.customer_id and g.id = e.id
    returning e.*
  ), made as (
    insert into subctl.credit_grants (customer_id, id, source, source_key, amount, remaining, priority, granted_at,
                                      expires_at, change_id)
    select e.customer_id, e.next_id, 'plan', e.prefix || subctl.iso(e.next_start), e.credits, e.credits, 20,
           e.next_start, e.next_end, p_change
      from expired e where e.renews
  ), written as (
    insert into subctl.credit_entries (customer_id, id, grant_id, at, kind, amount, balance_after, change_id)
    select e.customer_id, e.entry + e.step, e.id, e.expires_at, 'expire', -e.remaining, e.balance - e.gone, p_change
      from expired e where e.remaining > 0
    union all
    select e.customer_id, e.entry + e.step + 1, e.next_id, e.next_start, 'grant', e.credits,
           e.balance - e.gone + e.credits, p_change from expired e where e.renews
    returning customer_id
  )
  select coalesce((select array_agg(p.customer_id) from plain p), '{}'), (select count(*) from written) into done,
         entries;
end $$;
