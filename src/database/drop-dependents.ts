import type { Db } from './connect.ts';
import { sqlStateOf } from './server-error.ts';
import { Failure } from '../domain/failure.ts';

/**
 * Drops the views `views` and every overload of the functions and procedures `routines` of schemas subctl and subctl_internal, as far as they exist, and
 * returns the statements that give the privileges on them back once they are made again, by name.
 * @throws Failure refused when something that is not ours depends on one of them: nothing of an application is ever dropped
 */
export async function dropDependents(
  tx: Db,
  { views, routines }: { views: readonly string[]; routines: readonly string[] },
): Promise<Map<string, string[]>> {
  const grants = await readGrants(tx, [...views, ...routines]);
  const [found] = await tx<{ views: string | null; routines: string | null }[]>`
    select (select string_agg(c.oid::regclass::text, ', ') from pg_class c
             where c.relnamespace = 'subctl'::regnamespace and c.relkind = 'v' and c.relname = any(${[...views]}::text[])) as views,
           (select string_agg(p.oid::regprocedure::text, ', ') from pg_proc p
             where p.pronamespace in ('subctl'::regnamespace, 'subctl_internal'::regnamespace) and p.proname = any(${[...routines]}::text[])) as routines`;
  try {
    if (found?.views) await tx.unsafe(`drop view ${found.views}`);
    if (found?.routines) await tx.unsafe(`drop routine ${found.routines}`);
  } catch (error) {
    if (sqlStateOf(error) !== '2BP01') throw error;
    throw new Failure(
      'refused',
      `The update must replace what others use: ${(error as Error & { detail?: string }).detail ?? error}`,
      {
        hint: 'drop those, run: subctl setup, and create them again',
        cause: error,
      },
    );
  }
  return grants;
}

/** Dropping forgets who may use a thing, and a function made again is everyone's: both are put right by these statements. */
async function readGrants(tx: Db, names: readonly string[]): Promise<Map<string, string[]>> {
  const rows = await tx<{ name: string; statements: string[] }[]>`
    with things as (
      select p.proname as name, 'routine' as kind, p.pronamespace::regnamespace as schema, p.proacl as acl, p.proowner as owner
        from pg_proc p
       where p.pronamespace in ('subctl'::regnamespace, 'subctl_internal'::regnamespace) and p.proname = any(${[...names]}::text[])
      union all
      select c.relname, 'table', c.relnamespace::regnamespace, c.relacl, c.relowner
        from pg_class c where c.relnamespace = 'subctl'::regnamespace and c.relkind = 'v' and c.relname = any(${[...names]}::text[]))
    select t.name,
           array[format('revoke all on %s %s.%I from public', t.kind, t.schema, t.name)] || array_agg(
             format('grant %s on %s %s.%I to %s%s', a.privilege_type, t.kind, t.schema, t.name,
               case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end,
               case when a.is_grantable then ' with grant option' else '' end))
             filter (where a.grantee <> t.owner) as statements
      from things t cross join lateral aclexplode(t.acl) a
     group by t.name, t.kind, t.schema`;
  return new Map(rows.map(({ name, statements }) => [name, statements]));
}
