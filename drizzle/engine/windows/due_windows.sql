-- Lists the calendar windows that reset-monthly-usage will close: all with counts that have ended, however long ago.
-- Returns about `batch` rows, in index order, so that a page reads only due rows.
create or replace function subctl_internal.due_windows(
  as_of timestamptz, one_customer text default null, batch int default null)
returns table (customer_id text, subject text, action text, reason text, due_at timestamptz)
language sql stable as $$
  (select w.customer_id, w.meter_id || ' ' || w."window", 'close window',
          'the window that began at ' || subctl_internal.iso(w.window_start) || ' has ended', w.window_end
     from subctl.open_slots w
    where w.next_end <= $1 and w.window_end <= $1 and not w.personal and ($2 is null or w.customer_id = $2)
    order by w.next_end limit $3)
  union all
  (select w.customer_id, concat_ws(' ', w.meter_id, w."window", nullif(w.subject, '')), 'close window',
          'the window that began at ' || subctl_internal.iso(w.window_start) || ' has ended', w.window_end
     from subctl.open_rows w
    where w.window_end <= $1 and not w.personal and ($2 is null or w.customer_id = $2)
    order by w.window_end limit $3)
$$;
