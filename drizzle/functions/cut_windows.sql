-- Ends the open windows of a customer's own rhythm where another one holds from `at` on that counts nothing anew: what was counted in them
-- stays, and the windows of the new rhythm count from where they begin, which may be before `at`. Those that begin at the same instant in
-- both go on. What began at this very instant is counted again. The caller has locked the customer, and written the head.
create or replace function subctl.cut_windows(customer text, subscription uuid, at timestamptz) returns void
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
declare
  o record;
begin
  perform subctl.flush_windows($1, 'infinity');
  for o in
    select c.*, subctl.limit_window($1, k.kind, k.n, m.tier is distinct from 'free', $3, s.anchor, s.anchor_timezone,
                                    s.current_period_start, s.current_period_end, s.usage_reset_at) as window_now
      from subctl.subscriptions s
      join subctl.usage_counters c on c.customer_id = s.customer_id and c.closed_at is null and c.window_end > $3 and c."window" ~ '^(period|every_)'
      join subctl.meters m on m.id = c.meter_id
     cross join lateral subctl.window_kind(c."window") k
     where s.customer_id = $1 and s.id = $2
  loop
    if o.window_start >= $3 and o.window_start <> lower(o.window_now) then
      delete from subctl.usage_counters c
       where c.customer_id = $1 and c.meter_id = o.meter_id and c."window" = o."window" and c.scope = o.scope and c.subject = o.subject
         and c.window_start = o.window_start;
    else
      update subctl.usage_counters c set window_end = case when o.window_start = lower(o.window_now) then upper(o.window_now) else $3 end
       where c.customer_id = $1 and c.meter_id = o.meter_id and c."window" = o."window" and c.scope = o.scope and c.subject = o.subject
         and c.window_start = o.window_start;
    end if;
  end loop;
end $$;
