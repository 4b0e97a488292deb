-- Lists customers with windows that ended by an instant and are not closed: since when, and how many. `personal`
-- selects windows of their own period, else those of the calendar.
create or replace function subctl_internal.unclosed_windows(customers text[], as_of timestamptz, personal boolean)
returns table (customer_id text, since timestamptz, left_over int)
language sql stable as $$
  select x.customer_id, min(x.window_end), count(*)::int
    from (select w.customer_id, w.window_end from subctl.open_slots w
           where w.customer_id = any ($1) and w.next_end <= $2 and w.window_end <= $2 and w.personal = $3
          union all
          select w.customer_id, w.window_end from subctl.open_rows w
           where w.customer_id = any ($1) and w.window_end <= $2 and w.personal = $3) x
   group by x.customer_id
$$;
