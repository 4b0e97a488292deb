-- Releases what a reservation holds, and nothing else, so a reset in between adds nothing. A second call returns the
-- same answer. A reservation past its expiry becomes expired; a settled one is a conflict (SB008). Locks the customer.
create or replace function subctl.release_usage(customer text, reservation uuid, as_of timestamptz default null)
returns jsonb
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_now timestamptz;
  v_replayed boolean := true;
  v_reservation subctl.reservations%rowtype;
begin
  if subctl_internal.is_bound() then perform subctl_internal.check_bound(array[$1]); end if;
  perform subctl_internal.lock_customers(array[$1]);
  v_now := coalesce($3, clock_timestamp());
  select * into v_reservation from subctl.reservations x where x.customer_id = $1 and x.id = $2;
  if not found then
    raise exception 'There is no reservation % of customer %', $2, $1
      using errcode = 'SB003', hint = format('subctl reservations list %s', $1);
  elsif v_reservation.status = 'settled' then
    raise exception 'Reservation % of customer % was settled at %', $2, $1, subctl_internal.iso(v_reservation.ended_at)
      using errcode = 'SB008',
      hint = format('To reverse the use: subctl usage reverse %s %s --reason …', $1, v_reservation.event_id);
  elsif v_reservation.status = 'held' then
    update subctl.reservations x
       set status = case when x.expires_at > v_now then 'released' else 'expired' end,
           ended_at = least(x.expires_at, v_now)
     where x.customer_id = $1 and x.id = $2
    returning x.* into v_reservation;
    perform subctl_internal.note_reservations($1);
    v_replayed := false;
  end if;
  return jsonb_build_object('customer', $1, 'reservation', $2, 'status', v_reservation.status,
                            'ended_at', subctl_internal.iso(v_reservation.ended_at), 'replayed', v_replayed);
end $$;
