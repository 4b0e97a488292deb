-- Returns a feature of a customer at an instant as one answer (docs/usage.md): `allowed`, `reason`, `type` (boolean,
-- number, text), `value` (true or false, a decimal as text, null for unlimited, or a word), `unlimited`, `plan`,
-- `status`. An unknown customer or feature is an error, SB003.
create or replace function subctl.feature(customer text, name text, as_of timestamptz default null)
returns jsonb
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_feature record;
begin
  if subctl_internal.is_bound() then perform subctl_internal.check_bound(array[$1]); end if;
  select * into v_feature from subctl.features($1, coalesce($3, clock_timestamp())) x where x.feature = $2;
  if not found then
    if not exists (select 1 from subctl.customers c where c.id = $1) then
      raise exception 'There is no customer ''%''', $1
        using errcode = 'SB003', hint = 'Search for it: subctl customers list';
    end if;
    raise exception 'No plan has a feature ''%''', $2 using errcode = 'SB003', hint = coalesce('There are: '
      || (select string_agg(distinct k.name, ', ' order by k.name) from subctl.plan_versions v
           cross join lateral subctl.features_in(v.features) k),
      'Add one to a plan: subctl plans edit PLAN --feature NAME');
  end if;
  return jsonb_build_object('customer', $1, 'feature', v_feature.feature, 'allowed', v_feature.allowed,
                            'reason', v_feature.reason, 'type', v_feature.type,
    'value', case when v_feature.type = 'boolean' then to_jsonb(v_feature.value::boolean)
                  else to_jsonb(v_feature.value) end,
    'unlimited', v_feature.unlimited, 'plan', v_feature.plan, 'status', v_feature.status);
end $$;
