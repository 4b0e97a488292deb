import type { Db } from '../database/connect.ts';
import { findPrefix } from './role-names.ts';

interface Account {
  name: string;
  superuser: boolean;
  bypasses: boolean;
  /** tables and views of others' schemas that it owns */
  foreign: number;
  /** of the schemas, those in which everybody may create something; null for none */
  publicCreates: string | null;
}

/** Sentences on what the account that is connected may beyond what subctl needs. Empty where it has no more. */
export async function examineAccount(db: Db): Promise<string[]> {
  const [account] = await db<[Account]>`
    select r.rolname::text as name, r.rolsuper as superuser, r.rolbypassrls as bypasses,
           (select count(*)::int from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
             where c.relowner = r.oid and c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname !~ '^(pg_|information_schema$|subctl(_internal)?$)') as foreign,
           (select string_agg(n.nspname, ' and ' order by n.nspname) from pg_catalog.pg_namespace n
             where n.nspname in ('subctl', 'subctl_internal') and has_schema_privilege('public', n.oid, 'create')) as "publicCreates"
      from pg_catalog.pg_roles r where r.rolname = current_user`;
  const { name, superuser, bypasses, foreign, publicCreates } = account;
  const found = [];
  if (superuser)
    found.push(
      `You are connected as ${name}, a superuser of the server: setup needs an owner of the database, all else less`,
    );
  else if (bypasses) found.push(`${name} bypasses row security, which subctl does not need`);
  if (!superuser && foreign > 0)
    found.push(
      `${name} also owns ${foreign} ${foreign === 1 ? 'table' : 'tables'} outside of the schema subctl`,
    );
  if (publicCreates)
    found.push(
      `Everybody may create objects in the schema ${publicCreates}: revoke create on schema ${publicCreates.replace(' and ', ', ')} from public`,
    );
  if (found.length > 0 && (await findPrefix(db)) === undefined)
    found.push('Accounts with just the rights that they need: subctl setup --roles');
  return found;
}
