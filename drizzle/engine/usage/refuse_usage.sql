-- Returns the answer of a use that is refused before limits are checked.
create or replace function subctl_internal.refuse_usage(
  p_customer text, p_kind text, p_at timestamptz, p_reason text, p_message text) returns jsonb
language sql stable parallel safe as $$
  select jsonb_build_object('allowed', false, 'reason', p_reason, 'message', p_message, 'customer', p_customer,
                            'kind', p_kind, 'at', subctl_internal.iso(p_at), 'event_id', null, 'replayed', false,
                            'cost', null, 'limits', '[]'::jsonb, 'credits', null, 'alerts', '[]'::jsonb)
$$;
