-- Writes the rows of due_credits for each customer: grants, expiries, ledger. The first caller writes them, the task
-- or the first use after the boundary; a second call finds nothing. Locks the customers. The common cases are written
-- as a set, the others one by one. With `most` it writes about that many rows of each customer, the oldest, and the
-- caller repeats the call (pending_credit_expiries): the same rows, in several transactions (R36). Returns the number
-- of ledger rows.
create or replace function subctl_internal.post_due_credits(
  p_customers text[], p_as_of timestamptz, p_change text, p_most int default null) returns int
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_plain record;
  v_rest text[];
  v_rows int;
begin
  perform subctl_internal.check_write_time(p_as_of);
  perform subctl_internal.lock_customers(p_customers);
  -- where the plan has changed or ended by the dates and that is not written: first what was due until then
  perform subctl_internal.post_due_credits(array[u.customer_id], u.since - interval '1 microsecond', p_change, p_most)
     from subctl_internal.pending_transitions(p_as_of, p_customers) u
    where exists (select from subctl.credit_grants g
                  where g.customer_id = u.customer_id and g.expired_at is null and g.expires_at < u.since);
  if p_most is not null then   -- these customers come first, completely
    p_customers := array(select c from unnest(p_customers) c where not exists (
      select from subctl_internal.pending_transitions(p_as_of, array[c]) u
        join subctl.credit_grants g on g.customer_id = u.customer_id and g.expired_at is null
          and g.expires_at < u.since));
  end if;
  select * into v_plain from subctl_internal.post_plain_credits(p_customers, p_as_of, p_change);
  v_rest := array(select unnest(p_customers) except select unnest(v_plain.done));
  if v_rest = '{}' then return v_plain.entries; end if;
  with due as materialized (
    select c.id as customer_id, d.*
      from unnest(v_rest) c(id), lateral subctl_internal.due_credits(c.id, p_as_of, most => p_most) d
  ), ends as materialized (   -- whether another call writes the end of a grant
    select due.customer_id, due.grant_id, p_most is not null and not bool_or(due.kind = 'expire') as lives
      from due group by due.customer_id, due.grant_id
  ), newest as materialized (   -- evaluated once: it would read everything that this statement writes
    select c.id as customer_id,
           coalesce((select max(l.id) from subctl.credit_entries l where l.customer_id = c.id), 0) as id
      from unnest(v_rest) c(id)
  ), gone as (
    update subctl.credit_grants g set remaining = 0, expired_at = due.at, expires_at = due.at
      from due
     where due.kind = 'expire' and due.existing and g.customer_id = any (v_rest) and g.customer_id = due.customer_id
       and g.id = due.grant_id and g.expired_at is null
    returning g.customer_id, g.id
  ), made as (
    insert into subctl.credit_grants (customer_id, id, source, source_key, amount, remaining, priority, granted_at,
                                      expires_at, expired_at, change_id)
    select due.customer_id, due.grant_id, due.source, due.source_key, due.amount,
           case when due.dead_at is null or ends.lives then due.amount else 0 end, due.priority, due.at, due.expires_at,
           case when not ends.lives then due.dead_at end, p_change
      from due join ends on ends.customer_id = due.customer_id and ends.grant_id = due.grant_id
     where due.kind = 'grant'
    on conflict do nothing
    returning customer_id, id
  )
  insert into subctl.credit_entries (customer_id, id, grant_id, at, kind, amount, balance_after, change_id)
  select due.customer_id,
         newest.id + row_number() over (partition by due.customer_id order by due.step),
         due.grant_id, due.at, due.kind,
         case due.kind when 'grant' then due.amount else -due.amount end, due.balance_after, p_change
    from due join newest on newest.customer_id = due.customer_id
   where due.amount > 0
     and (due.customer_id, due.grant_id) in (select gone.customer_id, gone.id
                                             from gone union all select made.customer_id, made.id from made)
   order by due.customer_id, due.step;
  get diagnostics v_rows = row_count;
  return v_plain.entries + v_rows;
end $$;
