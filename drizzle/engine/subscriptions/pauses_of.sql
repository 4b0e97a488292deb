-- Lists when a subscription's clock was stopped. A pause with a running clock is not listed. A pause that has not
-- ended lasts until it resumes automatically.
create or replace function subctl_internal.pauses_of(customer text, subscription uuid)
returns table (from_at timestamptz, until timestamptz)
language sql stable as $$
  select p.from_at, p.until
    from (select g.from_at, g.pause_clock,
                 coalesce(lead(g.from_at) over (order by g.from_at),
                          case when s.status = 'paused' then s.resumes_at end, 'infinity') as until
            from subctl.subscription_phases g
            join subctl.subscriptions s on s.customer_id = g.customer_id and s.id = g.subscription_id
           where g.customer_id = $1 and g.subscription_id = $2) p
   where p.pause_clock = 'stops'
$$;
