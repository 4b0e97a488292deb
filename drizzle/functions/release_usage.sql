-- Lets go of what a reservation holds: the call was not made. It gives back nothing else, so that a reset in between tops nothing up (G17).
-- Released again it says the same; one that is over by its date is ended there; a settled one is a conflict.
create or replace function subctl.release_usage(customer text, reservation uuid, as_of timestamptz default null) returns jsonb
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
declare
  v_now timestamptz;
  v_replayed boolean := true;
  r subctl.reservations%rowtype;
begin
  perform subctl.lock_customers(array[$1]);
  v_now := coalesce($3, clock_timestamp());
  select * into r from subctl.reservations x where x.customer_id = $1 and x.id = $2;
  if not found then
    raise exception 'There is no reservation % of customer %', $2, $1 using errcode = 'SB003', hint = format('subctl reservations list %s', $1);
  elsif r.status = 'settled' then
    raise exception 'Reservation % of customer % was settled at %', $2, $1, subctl.iso(r.ended_at)
      using errcode = 'SB008', hint = format('To take the use back: subctl usage reverse %s %s --reason …', $1, r.event_id);
  elsif r.status = 'held' then
    update subctl.reservations x
       set status = case when x.expires_at > v_now then 'released' else 'expired' end, ended_at = least(x.expires_at, v_now)
     where x.customer_id = $1 and x.id = $2
    returning x.* into r;
    perform subctl.mark_holds($1);
    v_replayed := false;
  end if;
  return jsonb_build_object('customer', $1, 'reservation', $2, 'status', r.status, 'ended_at', subctl.iso(r.ended_at), 'replayed', v_replayed);
end $$;
