-- Returns what reservations hold of a limit or of credits, and what is left beside it of `room`, for an answer; null
-- is unlimited (R11). Returns an empty object if nothing is held.
create or replace function subctl_internal.reserved_json(held numeric, room numeric) returns jsonb
language sql immutable parallel safe as $$
  select case when $1 > 0 then jsonb_build_object('held', trim_scale($1)::text,
                'available', case when $2 is not null then trim_scale(greatest($2 - $1, 0))::text end)
              else '{}'::jsonb end
$$;
