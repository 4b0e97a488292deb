-- settle_subscriptions, and the credits of the periods until then, as far as a transaction of bounded length goes: about
-- `most` rows, null for all. Gives how many rows it wrote, and whether more is left: a caller who repeats it, each time in
-- a transaction of its own, has settled the same as one who does it whole (R36). Locks the customers.
create or replace function subctl.settle_part(
  as_of timestamptz, customers text[], change text, most int, out done int, out more boolean)
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_each int := greatest(4, $4 / greatest(cardinality($2), 1));
  v_live text[];
  v_rows int;
  s record;
begin
  perform subctl.check_write_time($1);
  perform subctl.lock_customers($2);
  done := 0; more := false;
  if $4 is null then
    perform subctl.settle_subscriptions($1, $2, $3);
  else
    -- the credits of the periods that are written, so that no end finds more of them than a part leaves
    for s in
      select x.customer_id, least($1, x.current_period_end - interval '1 microsecond') as until
        from subctl.subscriptions x
       where x.customer_id = any ($2) and x.status in ('trialing', 'active', 'past_due', 'paused')
         and exists (select from subctl.credits_behind(
               array[x.customer_id], least($1, x.current_period_end - interval '1 microsecond')))
    loop
      v_rows := subctl.post_due_credits(array[s.customer_id], s.until, $3, v_each);
      done := done + v_rows;
      more := more or v_rows > 0 and exists (select from subctl.credits_behind(array[s.customer_id], s.until));
    end loop;
    if more then return; end if;
    for step in 1 .. greatest(v_each / 20, 3) loop
      v_rows := subctl.expire_subscriptions($1, $2, $3) + subctl.renew_subscriptions($1, $2, $3);
      done := done + v_rows;
      more := v_rows > 0;
      exit when not more;
    end loop;
    if more then return; end if;
  end if;
  -- those without a subscription have the default plan's credits by use alone: nothing of theirs is due for a look
  v_live := array(
    select x.customer_id from subctl.subscriptions x
     where x.customer_id = any ($2) and x.status in ('trialing', 'active', 'past_due', 'paused'));
  if v_live <> '{}' then
    v_rows := subctl.post_due_credits(v_live, $1, $3, case when $4 is not null then v_each end);
    done := done + v_rows;
    more := $4 is not null and v_rows > 0 and exists (select from subctl.credits_behind(v_live, $1));
  end if;
end $$;
