-- Writes what is missing of the credits before the next step of some customers' subscriptions (turns_due), about `most`
-- rows for each of them. Returns those who have more to write: their step comes in a later transaction (R36).
create or replace function subctl.post_credits_first(
  kind text, as_of timestamptz, customers text[], change text, most int) returns text[]
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_behind text[] := '{}';
  t record;
begin
  for t in
    select d.customer_id, min(d.due_at) - interval '1 microsecond' as until
      from subctl.turns_due($1, $2, $3) d
     group by d.customer_id
    having exists (select from subctl.credits_behind(array[d.customer_id], min(d.due_at) - interval '1 microsecond'))
  loop
    if subctl.post_due_credits(array[t.customer_id], t.until, $4, $5) > 0
       and exists (select from subctl.credits_behind(array[t.customer_id], t.until)) then
      v_behind := v_behind || t.customer_id;
    end if;
  end loop;
  return v_behind;
end $$;
