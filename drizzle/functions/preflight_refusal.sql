-- The refusal of a use of a list as the list's: what the uses before it hold is the list's own, so that no waiting for it helps. The list never
-- fits where it asks more than a whole limit, or more credits than a grant to come covers (R7, R8).
create or replace function subctl.preflight_refusal(customer text, as_of timestamptz, refusal jsonb, own jsonb, member text, session text) returns jsonb
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_meter text := $3->>'meter';
  v_asked numeric := coalesce($3->>'requested', $3->'credits'->>'needed')::numeric;
  v_own numeric;
  v_at timestamptz := coalesce($3->>'resets_at', $3->'credits'->>'resets_at')::timestamptz;
  v_why text;
begin
  select coalesce(sum(case when v_meter is null then (r.held->>'credits')::numeric else (r.held->'meters'->>v_meter)::numeric end), 0) into v_own
    from subctl.reservations r
   where r.customer_id = $1 and $4 ? r.id::text
     and ($3->>'scope' is distinct from 'member' or r.asked->>'member' = $5) and ($3->>'window' is distinct from 'session' or r.asked->>'session' = $6);
  if v_own = 0 or v_at is null then return $3; end if;
  if v_meter is null then
    if v_own + v_asked <= ($3->'credits'->>'balance')::numeric then return $3; end if;   -- others hold what is missing
    v_at := subctl.credits_again($1, $2, v_own + v_asked, ($3->'credits'->>'balance')::numeric);
    v_why := format(': the list needs %s, and no grant to come covers them', trim_scale(v_own + v_asked));
    return $3 || jsonb_build_object('message', ($3->>'message') || case when v_at is null then v_why else '' end,
                                    'credits', ($3->'credits') || jsonb_build_object('resets_at', subctl.iso(v_at)));
  end if;
  if v_own + v_asked > ($3->>'limit')::numeric then
    v_at := null;
    v_why := format(': the list asks %s, which is larger than the whole limit', trim_scale(v_own + v_asked));
  else
    v_at := coalesce((select (l->>'resets_at')::timestamptz from jsonb_array_elements($3->'limits') l
                       where l->>'meter' = v_meter and l->>'window' = $3->>'window' and l->>'scope' = $3->>'scope'), v_at);
  end if;
  return $3 || jsonb_build_object('message', ($3->>'message') || coalesce(v_why, ''), 'resets_at', subctl.iso(v_at));
end $$;
