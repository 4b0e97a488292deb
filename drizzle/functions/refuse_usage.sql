-- The answer of a use that is refused before any limit was looked at.
create or replace function subctl.refuse_usage(customer text, kind text, at timestamptz, reason text, message text) returns jsonb
language sql stable parallel safe as $$
  select jsonb_build_object('allowed', false, 'reason', $4, 'message', $5, 'customer', $1, 'kind', $2, 'at', subctl.iso($3),
                            'event_id', null, 'replayed', false, 'cost', null, 'limits', '[]'::jsonb, 'credits', null, 'alerts', '[]'::jsonb)
$$;
