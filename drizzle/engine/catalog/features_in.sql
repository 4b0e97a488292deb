-- Returns the features of a plan version as rows. The type is boolean, number or text; a number without a value is
-- unlimited. `gives` is true if the value is true, above 0, unlimited or a word.
create or replace function subctl.features_in(features jsonb)
returns table (name text, type text, value text, gives boolean)
language sql immutable parallel safe as $$
  select e.key, case jsonb_typeof(e.value) when 'string' then 'text' when 'null' then 'number'
                     else jsonb_typeof(e.value) end, e.value #>> '{}',
         case jsonb_typeof(e.value) when 'boolean' then e.value = 'true' when 'number' then e.value > '0' else true end
    from jsonb_each($1) e
$$;
