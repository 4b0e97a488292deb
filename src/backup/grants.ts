import type { Db } from '../database/connect.ts';
import { inSavepoint } from '../database/savepoint.ts';

/** A privilege on something of schema subctl or subctl_internal that somebody other than its owner has; role null is PUBLIC. */
export interface Grant {
  role: string | null;
  statement: string;
}

/**
 * Reads who may do what with the schemas subctl and subctl_internal, their tables, columns, sequences, functions and types. What was
 * taken from PUBLIC and from the owner (the audit is only added to) is said first. Roles belong to the server and not to the database:
 * they are named, not made.
 */
export async function readGrants(tx: Db): Promise<Grant[]> {
  const grants = await tx<{ role: string | null; statement: string }[]>`
    with things as (
      select 'schema' as kind, nspname::text as name, nspacl as acl, nspowner as owner, '' as part, 'n' as class
        from pg_namespace where nspname in ('subctl', 'subctl_internal')
      union all
      select case c.relkind when 'S' then 'sequence' else 'table' end, c.oid::regclass::text, c.relacl, c.relowner, '',
             case c.relkind when 'S' then 's' else 'r' end
        from pg_class c where c.relnamespace = 'subctl'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'S')
      union all
      select 'table', c.oid::regclass::text, a.attacl, c.relowner, ' (' || quote_ident(a.attname) || ')', null
        from pg_class c join pg_attribute a on a.attrelid = c.oid
       where c.relnamespace = 'subctl'::regnamespace and a.attacl is not null and not a.attisdropped
      union all
      select 'routine', p.oid::regprocedure::text, p.proacl, p.proowner, '', 'f' from pg_proc p
       where p.pronamespace in (to_regnamespace('subctl'), to_regnamespace('subctl_internal'))
      union all
      select 'type', t.oid::regtype::text, t.typacl, t.typowner, '', 'T' from pg_type t
       where t.typnamespace = 'subctl'::regnamespace and t.typtype in ('c', 'e', 'd'))
    select null as role, format('revoke all on %s %s from public', t.kind, t.name) as statement, 0 as turn
      from things t where t.acl is not null and t.part = '' and t.kind in ('routine', 'type')
    union all
    select null, format('revoke %s on %s %s from current_user', d.privilege_type, t.kind, t.name), 0
      from things t cross join lateral aclexplode(acldefault(t.class::"char", t.owner)) d
     where t.acl is not null and d.grantee = t.owner
       and not exists (select 1 from aclexplode(t.acl) a where a.grantee = t.owner and a.privilege_type = d.privilege_type)
    union all
    select case a.grantee when 0 then null else pg_get_userbyid(a.grantee)::text end,
           format('grant %s%s on %s %s to %s%s', a.privilege_type, t.part, t.kind, t.name,
             case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end,
             case when a.is_grantable then ' with grant option' else '' end), 1
      from things t cross join lateral aclexplode(t.acl) a
     where a.grantee <> t.owner
     order by 3, 2`;
  return grants.map(({ role, statement }) => ({ role, statement }));
}

/** Gives what `grants` say, as far as the roles and the things are there; returns the roles that are not, and how much failed otherwise. */
export async function applyGrants(
  tx: Db,
  grants: readonly Grant[],
): Promise<{ missing: string[]; failed: number }> {
  const roles = [...new Set(grants.flatMap(({ role }) => role ?? []))];
  const there = await tx<{ name: string }[]>`
    select rolname::text as name from pg_roles where rolname = any(${roles}::text[])`;
  const known = new Set(there.map(({ name }) => name));
  let failed = 0;
  for (const { role, statement } of grants) {
    if (role !== null && !known.has(role)) continue;
    await inSavepoint(tx, (inner) => inner.unsafe(statement)).catch(() => (failed += 1));
  }
  return { missing: roles.filter((role) => !known.has(role)), failed };
}
