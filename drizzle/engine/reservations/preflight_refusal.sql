-- Returns the refusal of a use in a list as the refusal of the list. What earlier uses of the list hold belongs to the
-- list, so waiting for it does not help. The list never fits if it asks for more than a whole limit, or for more
-- credits than a future grant covers (R7, R8).
create or replace function subctl_internal.preflight_refusal(
  p_customer text, p_as_of timestamptz, p_refusal jsonb, p_own jsonb, p_member text, p_session text) returns jsonb
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_meter text := p_refusal->>'meter';
  v_asked numeric := coalesce(p_refusal->>'requested', p_refusal->'credits'->>'needed')::numeric;
  v_own numeric;
  v_at timestamptz := coalesce(p_refusal->>'resets_at', p_refusal->'credits'->>'resets_at')::timestamptz;
  v_why text;
begin
  select coalesce(sum(case when v_meter is null then (r.held->>'credits')::numeric
                           else (r.held->'meters'->>v_meter)::numeric end), 0) into v_own
    from subctl.reservations r
   where r.customer_id = p_customer and p_own ? r.id::text
     and (p_refusal->>'scope' is distinct from 'member' or r.asked->>'member' = p_member)
     and (p_refusal->>'window' is distinct from 'session' or r.asked->>'session' = p_session);
  if v_own = 0 or v_at is null then return p_refusal; end if;
  if v_meter is null then
    -- reservations of others hold what is missing
    if v_own + v_asked <= (p_refusal->'credits'->>'balance')::numeric then return p_refusal; end if;
    v_at := subctl_internal.credits_available_at(p_customer, p_as_of, v_own + v_asked,
      (p_refusal->'credits'->>'balance')::numeric);
    v_why := format(': the list needs %s, and no future grant covers them', trim_scale(v_own + v_asked));
    return p_refusal || jsonb_build_object(
      'message', (p_refusal->>'message') || case when v_at is null then v_why else '' end,
      'credits', (p_refusal->'credits') || jsonb_build_object('resets_at', subctl_internal.iso(v_at)));
  end if;
  if v_own + v_asked > (p_refusal->>'limit')::numeric then
    v_at := null;
    v_why := format(': the list requests %s, which is larger than the whole limit', trim_scale(v_own + v_asked));
  else
    v_at := coalesce((select (l->>'resets_at')::timestamptz from jsonb_array_elements(p_refusal->'limits') l
                       where l->>'meter' = v_meter and l->>'window' = p_refusal->>'window'
                         and l->>'scope' = p_refusal->>'scope'), v_at);
  end if;
  return p_refusal || jsonb_build_object('message', (p_refusal->>'message') || coalesce(v_why, ''),
                                         'resets_at', subctl_internal.iso(v_at));
end $$;
