-- Ends the subscriptions of some customers that are over at an instant, each at its own end, and starts their fallback plan
-- there. What was owed for one that ends for want of payment becomes uncollectible. Asks again what is due. With `most`
-- those whose credits before the end are more than about so many rows are left for a later transaction, which goes on with
-- them, and so are the credits of the fallback plan. Returns the number of subscriptions ended.
create or replace function subctl.expire_subscriptions(
  as_of timestamptz, customers text[], change text, most int default null) returns int
language plpgsql volatile set enable_seqscan = off set search_path = pg_catalog, subctl, pg_temp as $$   -- a plan that is kept from when a table was small may not read all of it
declare
  v_rows int := 0;
  d record;
begin
  perform subctl.check_write_time($1);
  perform subctl.lock_customers($2);
  if $4 is not null then
    $2 := array(select unnest($2) except select unnest(subctl.post_credits_first('end', $1, $2, $3, $4)));
  end if;
  -- the periods that began within the grace, and the plan that waited for one of them (R31, R36)
  perform subctl.renew_unpaid(s.customer_id, s.grace_until - interval '1 microsecond', $1, $3)
     from subctl.subscriptions s
    where s.customer_id = any ($2) and s.status = 'past_due' and s.current_period_end < s.grace_until and s.grace_until <= $1;
  for d in
    select x.action, array_agg(x.reason) as reasons, array_agg(x.customer_id) as customers, array_agg(x.subscription_id) as subscriptions,
           array_agg(x.due_at) as ends, array_agg(case x.action when 'cancel' then 'canceled' else 'expired' end) as statuses
      from subctl.ending x
     where x.customer_id = any ($2) and x.due_at <= $1
     group by x.action
  loop
    -- the credits of the periods before the end, where nobody has written them
    perform subctl.post_due_credits(array[t.customer_id], t.due_at - interval '1 microsecond', $3)
       from unnest(d.customers, d.ends) t(customer_id, due_at)
      where (select min(g.expires_at) from subctl.credit_grants g where g.customer_id = t.customer_id and g.expired_at is null) < t.due_at;
    v_rows := v_rows + (select count(*) from subctl.end_subscriptions(d.customers, d.subscriptions, d.ends, d.statuses,
                          case d.action when 'cancel' then 'cancel' else 'expiry' end, d.reasons, $1, $3));
    -- whoever has credits left, or a fallback plan that may give some
    perform subctl.post_due_credits(array_agg(c.customer_id), $1, $3, $4)
       from (select g.customer_id from subctl.credit_grants g where g.customer_id = any (d.customers) and g.expired_at is null
             union
             select l.customer_id from subctl.subscriptions l where l.customer_id = any (d.customers) and l.status in ('trialing', 'active', 'past_due', 'paused')) c
     having count(*) > 0;
  end loop;
  -- what an end for want of payment leaves open is not asked for any more; it may still be paid
  update subctl.invoices i set status = 'uncollectible', collect_at = null
    from subctl.subscriptions s
   where s.customer_id = any ($2) and s.status = 'expired' and s.ended_at = s.grace_until and s.change_id = $3
     and i.customer_id = any ($2) and i.customer_id = s.customer_id and i.subscription_id = s.id and i.status = 'open';
  return v_rows;
end $$;
