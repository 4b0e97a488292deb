-- Checks the chain of phases of each subscription: its first instant, the previous status of each, and the moves of
-- status_moves.
create or replace view subctl.integrity_phases as
with chain as (
  select g.customer_id, g.subscription_id, g.from_at, g.previous_status, g.status,
         lag(g.status) over w as before, row_number() over w as n
    from subctl.subscription_phases g
  window w as (partition by g.customer_id, g.subscription_id order by g.from_at)
)
select customer_id, 'status before ' || subctl_internal.iso(from_at) as subject, coalesce(before, 'none') as expected,
       previous_status as found
  from chain where previous_status <> coalesce(before, 'none')
union all
select c.customer_id, 'move at ' || subctl_internal.iso(c.from_at), 'a move that is allowed',
       c.previous_status || ' to ' || c.status
  from chain c where not exists (select 1 from subctl.status_moves m
                                  where m.from_status = c.previous_status and m.to_status = c.status)
union all
select c.customer_id, 'first segment', subctl_internal.iso(s.started_at), subctl_internal.iso(c.from_at)
  from chain c join subctl.subscriptions s on s.customer_id = c.customer_id and s.id = c.subscription_id
 where c.n = 1 and c.from_at <> s.started_at
union all
select s.customer_id, 'history of subscription ' || s.id, 'segments', 'none'
  from subctl.subscriptions s
 where not exists (select 1 from subctl.subscription_phases g
                    where g.customer_id = s.customer_id and g.subscription_id = s.id)
union all
select g.customer_id, 'segment of ' || g.subscription_id, 'a subscription', 'none'
  from subctl.subscription_phases g
 where not exists (select 1 from subctl.subscriptions s
                    where s.customer_id = g.customer_id and s.id = g.subscription_id);
comment on view subctl.integrity_phases is
  'R29a: The history of a subscription begins at its start and goes from status to status by allowed moves';
