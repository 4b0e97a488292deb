-- The personal reset of some customers: what expired leaves the ledger, what rolls over and the plan's grants of every period
-- that has begun come in, and the windows of their own period are closed. Asks again what is due. With `most` about so many
-- rows of each customer, and who has more is not done yet (resets_behind). Returns the number of customers done that
-- it did something for.
create or replace function subctl.reset_credits(
  as_of timestamptz, customers text[], change text, most int default null) returns int
language plpgsql volatile set enable_seqscan = off set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_expired text[];
  v_ended text[];
begin
  perform subctl.lock_customers($2);
  v_expired := array(select g.customer_id from subctl.credit_grants g where g.customer_id = any ($2) and g.expired_at is null and g.expires_at <= $1);
  v_ended := array(
    select w.customer_id from subctl.open_slots w where w.customer_id = any ($2) and w.next_end <= $1 and w.window_end <= $1 and w.personal
    union all
    select w.customer_id from subctl.open_rows w where w.customer_id = any ($2) and w.window_end <= $1 and w.personal);
  perform subctl.post_due_credits($2, $1, $3, $4);
  if v_ended <> '{}' then perform subctl.close_windows($1, v_ended, $3, true, $4 * cardinality($2)); end if;
  return (select count(*) from (
    (select unnest(v_expired) union select unnest(v_ended))
    except select b.customer_id from subctl.resets_behind($2, $1) b where $4 is not null) d);
end $$;
