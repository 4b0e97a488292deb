import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { quote } from './apply-rights.ts';
import { checkBoundTo, dropBinding, findBinding, writeBinding } from './bind-account.ts';
import { listMembers } from './list-roles.ts';
import type { Role } from './rights.ts';
import { nameOf, needPrefix } from './role-names.ts';

export interface ChangedMember extends Record<string, unknown> {
  role: Role;
  account: string;
  /** the only customer for which it may speak; null for all of them */
  customer: string | null;
  /** false: it was so before, and nothing was done */
  changed: boolean;
}

/** A role, and who gets or loses it. */
export interface MemberRequest {
  role: Role;
  account: string;
  /** of the role app: the only customer for which the account may speak; it has the role bound then */
  customer?: string | undefined;
}

/**
 * Makes an account of the server a member of a role. Superadmins may give roles on, superadmin among them.
 * @throws Failure not_found for an account that the server does not have; usage for a customer with another role than app, or bound without
 * one; refused where an account would be bound to a customer and not be
 */
export async function grantRole(tx: Db, change: Change, asked: MemberRequest): Promise<ChangedMember> {
  const { account } = asked;
  const customer = asked.customer ?? null;
  const role = roleAsked(asked);
  const { name, has } = await look(tx, { role, account });
  const bound = (await findBinding(tx, account)) ?? null;
  if (role !== 'bound' && bound !== null)
    throw new Failure('refused', `${account} is bound to the customer ${bound}`, {
      hint: `take that role from it first: subctl roles revoke app ${account}`,
    });
  if (has && customer === bound) return { role, account, customer, changed: false };
  if (!has)
    await tx.unsafe(
      `grant ${quote(name)} to ${quote(account)}${role === 'superadmin' ? ' with admin option' : ''}`,
    );
  if (customer !== null) await writeBinding(tx, change, { account, customer });
  await note(tx, change, {
    account,
    before: has ? { role, ...(bound !== null && { customer: bound }) } : null,
    after: { role, ...(customer !== null && { customer }) },
  });
  return { role, account, customer, changed: true };
}

function roleAsked({ role, account, customer }: MemberRequest): Role {
  if (customer === undefined) {
    if (role !== 'bound') return role;
    throw new Failure('usage', `The role bound is for one customer, and none is given`, {
      hint: `subctl roles grant app ${account} --customer ID`,
    });
  }
  if (role !== 'app' && role !== 'bound')
    throw new Failure('usage', `The role ${role} is for every customer`, {
      hint: `only an application can be bound: subctl roles grant app ${account} --customer ${customer}`,
    });
  checkBoundTo(customer);
  return 'bound';
}

/**
 * Takes a role from an account. Of one that is bound to a customer, app is the role bound.
 * @throws Failure refused for the last superadmin (M5)
 */
export async function revokeRole(
  tx: Db,
  change: Change,
  { role: asked, account }: MemberRequest,
): Promise<ChangedMember> {
  const bound = (await findBinding(tx, account)) ?? null;
  const role = asked === 'app' && bound !== null ? 'bound' : asked;
  const { name, has, members } = await look(tx, { role, account });
  const customer = role === 'bound' ? bound : null;
  if (!has && customer === null) return { role, account, customer, changed: false };
  if (role === 'superadmin' && members.length === 1)
    throw new Failure('refused', `${account} is the last superadmin`, {
      hint: 'give the role to another account first: subctl roles grant superadmin ACCOUNT',
    });
  if (has) await tx.unsafe(`revoke ${quote(name)} from ${quote(account)}`);
  if ((await look(tx, { role, account })).has)
    throw new Failure(
      'refused',
      `${account} has the role ${role} from somebody else, who alone can take it`,
      {
        hint: 'connect as the owner of the database or as a superuser',
      },
    );
  if (customer !== null) await dropBinding(tx, account);
  await note(tx, change, {
    account,
    before: { role, ...(customer !== null && { customer }) },
    after: null,
  });
  return { role, account, customer, changed: true };
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
  }: { account: string; before: Record<string, string> | null; after: Record<string, string> | null },
): Promise<void> {
  await audit(tx, change, [{ entity: 'role', key: account, before, after }]);
}
