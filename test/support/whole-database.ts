import type { Connection } from '../../src/database/connect.ts';

/** What defines a database of subctl, a line each: tables with their columns, constraints, indexes, triggers, functions, types, grants. */
const definitions = `
  select 'column ' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull || ' ' || a.attidentity::text || ' '
         || a.attgenerated::text || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '') as line
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
   where c.relnamespace = 'subctl'::regnamespace and c.relkind in ('r', 'p', 'v', 'c')
  union all
  select 'table ' || relname || ' ' || relkind::text || ' ' || relpersistence::text || ' ' || coalesce(pg_get_expr(relpartbound, oid), '') || ' ' || coalesce(reloptions::text, '')
    from pg_class where relnamespace = 'subctl'::regnamespace and relkind in ('r', 'p', 'v')
  union all
  select 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
   where connamespace = 'subctl'::regnamespace and contype <> 'n'
  union all
  select 'index ' || pg_get_indexdef(i.indexrelid) from pg_index i join pg_class c on c.oid = i.indexrelid where c.relnamespace = 'subctl'::regnamespace
  union all
  select 'trigger ' || pg_get_triggerdef(t.oid) from pg_trigger t join pg_class c on c.oid = t.tgrelid
   where c.relnamespace = 'subctl'::regnamespace and not t.tgisinternal
  union all
  select 'function ' || oid::regprocedure || ' ' || md5(pg_get_functiondef(oid)) || ' ' || coalesce(proacl::text, '') from pg_proc
   where pronamespace in ('subctl'::regnamespace, 'subctl_internal'::regnamespace) and prokind in ('f', 'p')
  union all
  select 'view ' || viewname || ' ' || md5(definition) from pg_views where schemaname = 'subctl'
  union all
  select 'enum ' || t.typname || ' ' || e.enumlabel from pg_enum e join pg_type t on t.oid = e.enumtypid where t.typnamespace = 'subctl'::regnamespace
  union all
  select 'grants ' || relname || ' ' || relacl::text from pg_class where relnamespace = 'subctl'::regnamespace and relacl is not null
     and relacl::text <> acldefault(case relkind when 'S' then 's' else 'r' end::"char", relowner)::text`;

export interface WholeDatabase {
  definitions: string[];
  /** of each table that is no cache, all rows as text */
  rows: Record<string, string[]>;
  sequences: Record<string, string>;
}

/** All that the schemas subctl and subctl_internal are and hold, to compare two databases. */
export async function wholeDatabase(sql: Connection): Promise<WholeDatabase> {
  const linesOf = async (query: string) =>
    (await sql.unsafe<{ line: string }[]>(query)).map(({ line }) => line).sort();
  const named = await sql<{ name: string; kind: string }[]>`
    select relname as name, relkind::text as kind from pg_class
     where relnamespace = 'subctl'::regnamespace and relkind in ('r', 'S') and relpersistence = 'p' order by 1`;
  const rows: WholeDatabase['rows'] = {};
  const sequences: WholeDatabase['sequences'] = {};
  for (const { name, kind } of named) {
    if (kind === 'r') rows[name] = await linesOf(`select t::text as line from subctl.${name} t`);
    else
      sequences[name] = (
        await linesOf(`select last_value || ' ' || is_called as line from subctl.${name}`)
      )[0]!;
  }
  return { definitions: await linesOf(definitions), rows, sequences };
}
