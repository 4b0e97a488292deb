import type { Db } from '../database/connect.ts';
import { sqlStateOf } from '../database/server-error.ts';
import { Failure } from '../domain/failure.ts';
import { type Role, isApplicationFunction, rightsOn, roleNames, rolesOfInternals } from './rights.ts';
import { nameOf } from './role-names.ts';
import { type PlacedObject, listSchemaObjects } from './schema-objects.ts';

/**
 * Makes the roles that are missing and gives each exactly its rights on what the schema holds now; what they had beyond is taken away, and
 * functions may no longer be called by everybody. Superadmins may give and take the other roles. Returns the roles that were made.
 * @throws Failure refused where the account may not make roles
 */
export async function applyRights(tx: Db, prefix: string): Promise<string[]> {
  const made = await makeRoles(tx, prefix);
  const quoted = (role: Role) => quote(nameOf(prefix, role));
  const everyone = roleNames.map(quoted).join(', ');
  const objects = await listSchemaObjects(tx);
  const statements = [
    ...['tables', 'sequences', 'functions'].map(
      (what) => `revoke all on all ${what} in schema subctl, subctl_internal from public, ${everyone}`,
    ),
    `grant usage on schema "subctl" to ${everyone}`,
    `revoke all on schema subctl_internal from public, ${everyone}`,
    `grant usage on schema subctl_internal to ${rolesOfInternals.map(quoted).join(', ')}`,
    ...objects
      .filter(({ kind }) => kind === 'function')
      .map(
        (object) =>
          `alter function ${signature(object)} security ${isApplicationFunction(object) ? 'definer' : 'invoker'}`,
      ),
    ...objects.flatMap((object) => roleNames.flatMap((role) => grants(object, role, quoted(role)))),
    ...roleNames
      .filter((role) => role !== 'superadmin')
      .map((role) => `grant ${quoted(role)} to ${quoted('superadmin')} with admin option`),
  ];
  await tx.unsafe(statements.join(';\n'));
  return made;
}

async function makeRoles(tx: Db, prefix: string): Promise<string[]> {
  const names = roleNames.map((role) => nameOf(prefix, role));
  const there = await tx<{ name: string }[]>`
    select rolname::text as name from pg_catalog.pg_roles where rolname = any(${names}::text[])`;
  const missing = names.filter((name) => !there.some((role) => role.name === name));
  const statements = missing.map((name) => `create role ${quote(name)} nologin`);
  try {
    for (const statement of statements) await tx.unsafe(statement);
  } catch (error) {
    if (sqlStateOf(error) !== '42501') throw error;
    throw new Failure('refused', 'Your account of the database may not make roles', {
      hint: `ask its administrator for CREATEROLE, or for these: ${statements.join('; ')}`,
      cause: error,
    });
  }
  return missing;
}

function grants(object: PlacedObject, role: Role, to: string): string[] {
  const on = `${object.kind === 'function' || object.kind === 'sequence' ? `${object.kind} ` : ''}${signature(object)}`;
  return rightsOn(object, role).map(
    ({ right, columns }) =>
      `grant ${right}${columns ? ` (${columns.map(quote).join(', ')})` : ''} on ${on} to ${to}`,
  );
}

const signature = ({ schema, kind, name }: PlacedObject): string =>
  `${schema}.${kind === 'function' ? name : quote(name)}`;

/** A name as SQL writes it. */
export const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;
