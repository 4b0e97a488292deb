-- Returns the term of a customer's subscription that contains an instant: from its start (or the start of the period
-- that it continued, R32) or the last usage reset, to its end. Null if no term was agreed; the term is then the
-- period. Periods of a term reset nothing that is counted in it.
create or replace function subctl_internal.term_window(customer text, at timestamptz) returns tstzrange
language sql stable as $$
  select tstzrange(coalesce((select max(r.at) from subctl.usage_resets r
                              where r.customer_id = $1 and r.at <= $2 and r.at > s.started_at), s.began),
                   least(s.ends_at, (select min(r.at) from subctl.usage_resets r
                                      where r.customer_id = $1 and r.at > $2)))
    from (select x.started_at, x.ends_at, x.ended_at, coalesce(
             (select g.period_start from subctl.subscription_phases g
               where g.customer_id = $1 and g.subscription_id = x.id order by g.from_at limit 1), x.started_at) as began
            from subctl.subscriptions x
           where x.customer_id = $1 and x.started_at <= $2
           order by x.started_at desc, (x.ended_at is null) desc, x.id desc limit 1) s
   where s.ends_at > $2 and (s.ended_at is null or s.ended_at > $2)
$$;
