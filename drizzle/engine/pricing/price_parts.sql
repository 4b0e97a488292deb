-- Splits the units of a use by the components of a price card (R26). `parts` is the amount of each component; `input`,
-- `cached` and `output` are tokens among them that are charged separately. `missing` is the first used unit without a
-- price on the card. Bytes and words only estimate tokens and are never charged.
create or replace function subctl_internal.price_parts(
  p_comps text[], p_units jsonb, out parts jsonb, out input numeric, out cached numeric, out output numeric,
  out missing text)
language plpgsql immutable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_unit record;
  v_sort text;
  v_all numeric;
  v_hit numeric;
  v_written numeric;
begin
  parts := '{}'; input := 0; cached := 0; output := 0;
  foreach v_sort in array array['audio', 'image', 'video', 'reasoning', 'citation'] loop
    v_all := (p_units->>(v_sort || '_input_tokens'))::numeric;
    v_hit := coalesce((p_units->>('cached_' || v_sort || '_input_tokens'))::numeric, 0);
    v_written := (p_units->>(v_sort || '_output_tokens'))::numeric;
    if v_sort || '_input_tokens' = any (p_comps) then
      v_all := greatest(v_all, v_hit);
      input := input + coalesce(v_all, 0);
      cached := cached + v_hit;
      if 'cached_' || v_sort || '_input_tokens' = any (p_comps) then
        parts := parts || jsonb_build_object('cached_' || v_sort || '_input_tokens', v_hit);
        v_all := v_all - v_hit;
      end if;
      parts := parts || jsonb_build_object(v_sort || '_input_tokens', coalesce(v_all, 0));
    elsif v_sort = 'audio' and greatest(v_all, v_hit) > 0 then
      missing := 'audio_input_tokens'; return;
    end if;
    if v_sort || '_output_tokens' = any (p_comps) then
      output := output + coalesce(v_written, 0);
      parts := parts || jsonb_build_object(v_sort || '_output_tokens', coalesce(v_written, 0));
    elsif v_sort in ('audio', 'image', 'video') and v_written > 0 then
      missing := v_sort || '_output_tokens'; return;
    end if;
  end loop;
  for v_unit in
    select x.key, x.value::numeric as amount,
           case when x.key like '%searches' then left(x.key, -2)
                when x.key like '%s' then left(x.key, -1) end as component
      from jsonb_each_text(p_units) x
     where x.key not in ('bytes', 'words', 'cache_write_tokens', 'cache_write_1h_tokens')
       and x.key !~ '^((cached_)?(audio|image|video)_input|(audio|image|video|reasoning|citation)_output)_tokens$'
     order by x.key collate "C"
  loop
    if v_unit.component = any (p_comps) then
      parts := parts || jsonb_build_object(v_unit.component, v_unit.amount);
    elsif v_unit.amount > 0 then
      missing := v_unit.key; return;
    end if;
  end loop;
end $$;
