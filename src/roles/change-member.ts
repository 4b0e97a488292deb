import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { quote } from './apply-rights.ts';
import { listMembers } from './list-roles.ts';
import type { Role } from './rights.ts';
import { nameOf, needPrefix } from './role-names.ts';

export interface ChangedMember extends Record<string, unknown> {
  role: Role;
  account: string;
  /** false: it was so before, and nothing was done */
  changed: boolean;
}

/**
 * Makes an account of the server a member of a role. Superadmins may give roles on, superadmin among them.
 * @throws Failure not_found for an account that the server does not have
 */
export async function grantRole(
  tx: Db,
  change: Change,
  { role, account }: { role: Role; account: string },
): Promise<ChangedMember> {
  const { name, has } = await look(tx, { role, account });
  if (has) return { role, account, changed: false };
  await tx.unsafe(
    `grant ${quote(name)} to ${quote(account)}${role === 'superadmin' ? ' with admin option' : ''}`,
  );
  await note(tx, change, { account, before: null, after: { role } });
  return { role, account, changed: true };
}

/**
 * Takes a role from an account.
 * @throws Failure refused for the last superadmin (M5)
 */
export async function revokeRole(
  tx: Db,
  change: Change,
  { role, account }: { role: Role; account: string },
): Promise<ChangedMember> {
  const { name, has, members } = await look(tx, { role, account });
  if (!has) return { role, account, changed: false };
  if (role === 'superadmin' && members.length === 1)
    throw new Failure('refused', `${account} is the last superadmin`, {
      hint: 'give the role to another account first: subctl roles grant superadmin ACCOUNT',
    });
  await tx.unsafe(`revoke ${quote(name)} from ${quote(account)}`);
  if ((await look(tx, { role, account })).has)
    throw new Failure(
      'refused',
      `${account} has the role ${role} from somebody else, who alone can take it`,
      {
        hint: 'connect as the owner of the database or as a superuser',
      },
    );
  await note(tx, change, { account, before: { role }, after: null });
  return { role, account, changed: true };
}

async function look(tx: Db, { role, account }: { role: Role; account: string }) {
  const prefix = await needPrefix(tx);
  const name = nameOf(prefix, role);
  // two who each take the role from the other are one after the other
  await tx`select pg_catalog.pg_advisory_xact_lock(7319, hashtext(${prefix}))`;
  const [there] = await tx`select 1 from pg_catalog.pg_roles where rolname = ${account}`;
  if (!there)
    throw new Failure('not_found', `The server has no account '${account}'`, {
      hint: `make it first: create role ${quote(account)} login`,
    });
  const members = (await listMembers(tx, prefix)).filter((member) => member.role === name);
  return { name, members, has: members.some((member) => member.account === account) };
}

async function note(
  tx: Db,
  change: Change,
  {
    account,
    before,
    after,
  }: { account: string; before: { role: Role } | null; after: { role: Role } | null },
): Promise<void> {
  await audit(tx, change, [{ entity: 'role', key: account, before, after }]);
}
