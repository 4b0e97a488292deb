-- Lists what reset-credits will do: customers with expired credits whose plan's next grant is due, and customers with
-- ended windows of their own period. Returns about `batch` rows, in index order.
create or replace function subctl_internal.due_resets(
  as_of timestamptz, one_customer text default null, batch int default null)
returns table (customer_id text, subject text, action text, reason text, due_at timestamptz)
language sql stable as $$
  select * from (
    (select g.customer_id, g.source,
            case when g.source in ('plan', 'reset') then 'reset credits' else 'expire credits' end,
            trim_scale(g.remaining) || ' of ' || trim_scale(g.amount) || ' credits (' || g.source || ') have expired',
            g.expires_at
       from subctl.credit_grants g
      where g.expired_at is null and g.expires_at <= $1 and ($2 is null or g.customer_id = $2)
      order by g.expires_at limit $3)
    union all
    (select w.customer_id, w.meter_id || ' ' || w."window", 'close window',
            'the window that began at ' || subctl_internal.iso(w.window_start) || ' has ended', w.window_end
       from subctl.open_slots w
      where w.next_end <= $1 and w.window_end <= $1 and w.personal and ($2 is null or w.customer_id = $2)
      order by w.next_end limit $3)
    union all
    (select w.customer_id, concat_ws(' ', w.meter_id, w."window", nullif(w.subject, '')), 'close window',
            'the window that began at ' || subctl_internal.iso(w.window_start) || ' has ended', w.window_end
       from subctl.open_rows w
      where w.window_end <= $1 and w.personal and ($2 is null or w.customer_id = $2)
      order by w.window_end limit $3)) due
  limit $3   -- later parts are not evaluated while earlier ones give enough rows
$$;
