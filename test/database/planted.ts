import type { Connection } from '../../src/database/connect.ts';

/** Types that values of our functions have. */
const types = [
  ...[
    'text',
    'numeric',
    'integer',
    'bigint',
    'boolean',
    'timestamptz',
    'timestamp',
    'interval',
    'jsonb',
    'uuid',
  ],
  ...['text[]', 'numeric[]', 'integer[]', 'timestamptz[]', 'tstzrange'],
];
const operators = [
  '=',
  '<>',
  '<',
  '>',
  '<=',
  '>=',
  '+',
  '-',
  '*',
  '/',
  '||',
  '@>',
  '&&',
  '->',
  '->>',
  '~',
  '!~',
  '?',
];
/** of `variadic "any"`: any number of arguments is an exact match of one's own */
const variadic = [
  'format',
  'concat',
  'concat_ws',
  'jsonb_build_object',
  'jsonb_build_array',
  'num_nonnulls',
  'num_nulls',
];

/**
 * Plants in `public` what an attacker would: for each function of pg_catalog that the text of a function of ours names, and for each
 * operator, one of the same name for each pair of types. Whoever calls one gets an exception that names it.
 */
export async function plant(sql: Connection): Promise<number> {
  await sql.unsafe(planter);
  const [row] = await sql<[{ planted: number }]>`select public.plant() as planted`;
  return row.planted;
}

const list = (words: readonly string[]) => `array['${words.join("','")}']`;

const planter = `
create function public.plant() returns int language plpgsql set search_path = pg_catalog as $plant$
declare
  v_types text[] := ${list(types)}; v_name text; v_planted int := 0; a text; b text; c text;
  v_body text := 'language plpgsql volatile as $b$ begin raise exception ''the planted % was called'', %L using errcode = ''XX999''; end $b$';
begin
  for v_name in
    select distinct m[1] from pg_proc p cross join lateral regexp_matches(p.prosrc, '\\m([a-z_0-9]+)\\s*\\(', 'g') m
     where p.pronamespace in ('subctl'::regnamespace, 'subctl_internal'::regnamespace) and exists (select from pg_proc c where c.pronamespace = 'pg_catalog'::regnamespace and c.proname = m[1])
       and m[1] not in (select word from pg_get_keywords() where catcode <> 'U')
  loop
    foreach a in array v_types loop
      execute format('create or replace function public.%I(%s) returns %s ', v_name, a, a) || replace(v_body, '%L', quote_literal(v_name));
      v_planted := v_planted + 1;
      foreach b in array v_types loop
        execute format('create or replace function public.%I(%s, %s) returns %s ', v_name, a, b, b) || replace(v_body, '%L', quote_literal(v_name));
        v_planted := v_planted + 1;
      end loop;
    end loop;
    if v_name = any (${list(variadic)}) then
      foreach a in array v_types[1:6] loop
        foreach b in array v_types[1:6] loop
          foreach c in array v_types[1:6] loop
            execute format('create or replace function public.%I(%s, %s, %s) returns text ', v_name, a, b, c) || replace(v_body, '%L', quote_literal(v_name));
            v_planted := v_planted + 1;
          end loop;
        end loop;
      end loop;
    end if;
  end loop;
  foreach a in array v_types loop
    foreach b in array v_types loop
      execute format('create function public.planted_operator(%s, %s) returns boolean ', a, b) || replace(v_body, '%L', quote_literal('operator of ' || a || ' and ' || b));
      foreach v_name in array ${list(operators)} loop
        execute format('create operator public.%s (leftarg = %s, rightarg = %s, function = public.planted_operator)', v_name, a, b);
        v_planted := v_planted + 1;
      end loop;
    end loop;
  end loop;
  return v_planted;
end $plant$`;
