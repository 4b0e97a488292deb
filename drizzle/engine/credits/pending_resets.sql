-- Lists customers with credits or windows of their own period that ended by an instant and are not written by
-- reset_credits: since when, and how many.
create or replace function subctl_internal.pending_resets(customers text[], as_of timestamptz)
returns table (customer_id text, since timestamptz, left_over int)
language sql stable as $$
  select x.customer_id, min(x.since), sum(x.left_over)::int
    from (select * from subctl_internal.pending_credit_expiries($1, $2) union all select *
      from subctl_internal.unclosed_windows($1, $2, true)) x
   group by x.customer_id
$$;
