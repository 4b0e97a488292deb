import type { Db } from '../database/connect.ts';
import {
  type Right,
  type Role,
  type SchemaObject,
  isApplicationFunction,
  rightsOn,
  roleNames,
  rolesOfInternals,
} from './rights.ts';
import { nameOf } from './role-names.ts';
import { listSchemaObjects } from './schema-objects.ts';

/** One right that a role has and should not have, or the other way round. */
export interface RoleDifference extends Record<string, unknown> {
  /** the role's word, or `public` for everybody */
  role: Role | 'public';
  kind: SchemaObject['kind'] | 'schema';
  object: string;
  right: string;
  state: 'missing' | 'too much';
}

interface ActualRight {
  grantee: string;
  kind: RoleDifference['kind'];
  object: string;
  right: Right;
  /** of a right on columns */
  column: string | null;
}

/** Compares what the roles and everybody may do in the schema with what they should. Empty where both agree. */
export async function checkRoles(db: Db, prefix: string): Promise<RoleDifference[]> {
  const objects = await listSchemaObjects(db);
  const actual = new Set((await listActual(db, prefix)).map(keyOf));
  const expected = new Set(
    [...objects.flatMap((object) => expectedOn(object, prefix)), ...expectedOnInternals(prefix)].map(keyOf),
  );
  const wrong = (keys: Iterable<string>, other: ReadonlySet<string>, state: RoleDifference['state']) =>
    [...keys].filter((key) => !other.has(key)).map((key) => readKey(key, { prefix, state }));
  const security = (await listSecurity(db)).filter((row) => isApplicationFunction(row) !== row.definer);
  return [
    ...wrong(expected, actual, 'missing'),
    ...wrong(actual, expected, 'too much'),
    ...security.map(({ name, definer }) => ({
      ...{ role: 'app' as const, kind: 'function' as const, object: name, right: 'security definer' },
      state: definer ? ('too much' as const) : ('missing' as const),
    })),
  ];
}

function expectedOn(object: SchemaObject, prefix: string): ActualRight[] {
  return roleNames.flatMap((role) =>
    rightsOn(object, role).flatMap(({ right, columns }) =>
      (columns ?? [null]).map((column) => ({
        ...{ grantee: nameOf(prefix, role), kind: object.kind, object: object.name, right, column },
      })),
    ),
  );
}

function expectedOnInternals(prefix: string): ActualRight[] {
  return rolesOfInternals.map((role) => ({
    ...{
      grantee: nameOf(prefix, role),
      kind: 'schema',
      object: 'subctl_internal',
      right: 'usage',
      column: null,
    },
  }));
}

/** What the roles and everybody have been given on the schema of internals and the objects of both schemas; the owner's own rights are not among it. */
async function listActual(db: Db, prefix: string): Promise<ActualRight[]> {
  const names = roleNames.map((role) => nameOf(prefix, role));
  return db<ActualRight[]>`
    with grantees as (
      select oid, rolname::text as name from pg_catalog.pg_roles where rolname = any(${names}::text[])
      union all select 0, 'public'
    ), relations as (
      select c.*, case c.relkind when 'v' then 'view' when 'S' then 'sequence' else 'table' end as kind from pg_catalog.pg_class c
       where c.relnamespace = 'subctl'::regnamespace and c.relkind in ('r', 'p', 'v', 'S') and not c.relispartition
         and c.relname !~ '^usage_events_[0-9]{4}_[0-9]{2}$'
    ), given as (
      select r.kind, r.relname::text as object, null as column_name, a.grantee, a.privilege_type
        from relations r cross join lateral pg_catalog.aclexplode(r.relacl) a
      union all
      select r.kind, r.relname::text, t.attname::text, a.grantee, a.privilege_type
        from relations r
        join pg_catalog.pg_attribute t on t.attrelid = r.oid and t.attnum > 0 and not t.attisdropped
       cross join lateral pg_catalog.aclexplode(t.attacl) a
      union all
      select 'function', p.proname || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')', null, a.grantee, a.privilege_type
        from pg_catalog.pg_proc p
       cross join lateral pg_catalog.aclexplode(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) a
       where p.pronamespace in ('subctl'::regnamespace, 'subctl_internal'::regnamespace)
         and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
      union all
      select 'schema', n.nspname::text, null, a.grantee, a.privilege_type
        from pg_catalog.pg_namespace n cross join lateral pg_catalog.aclexplode(n.nspacl) a where n.nspname = 'subctl_internal'
    )
    select n.name as grantee, g.kind, g.object, lower(g.privilege_type) as right, g.column_name as column
      from given g join grantees n on n.oid = g.grantee`;
}

async function listSecurity(db: Db): Promise<{ kind: 'function'; name: string; definer: boolean }[]> {
  return db<{ kind: 'function'; name: string; definer: boolean }[]>`
    select 'function' as kind, p.proname || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')' as name, p.prosecdef as definer
      from pg_catalog.pg_proc p where p.pronamespace in ('subctl'::regnamespace, 'subctl_internal'::regnamespace)`;
}

const keyOf = ({ grantee, kind, object, right, column }: ActualRight): string =>
  JSON.stringify([grantee, kind, object, right, column]);

function readKey(
  key: string,
  { prefix, state }: { prefix: string; state: RoleDifference['state'] },
): RoleDifference {
  const [grantee, kind, object, right, column] = JSON.parse(key) as [
    string,
    RoleDifference['kind'],
    string,
    Right,
    string | null,
  ];
  const role = roleNames.find((name) => nameOf(prefix, name) === grantee) ?? ('public' as const);
  return { role, kind, object, right: column === null ? right : `${right} (${column})`, state };
}
