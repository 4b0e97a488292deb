-- What reset-monthly-usage would do: close every calendar window that has counts and has ended, however long ago (not only on the 1st).
-- At most `batch` rows.
create or replace function subctl.due_windows(as_of timestamptz, one_customer text default null, batch int default null)
returns table (customer_id text, subject text, action text, reason text, due_at timestamptz)
language sql stable as $$
  select w.customer_id, w.meter_id || ' ' || w."window" || case when w.subject <> '' then ' ' || w.subject else '' end, 'close window',
         'the window that began at ' || subctl.iso(w.window_start) || ' has ended', w.window_end
    from subctl.open_windows w
   where w.next_end <= $1 and w.window_end <= $1 and not w.personal and ($2 is null or w.customer_id = $2)
   limit $3
$$;
