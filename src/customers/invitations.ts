import { and, eq, inArray } from 'drizzle-orm';
import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { orm } from '../database/orm.ts';
import { invitations } from '../database/schema/invitations.ts';
import { uuid7 } from '../database/uuid7.ts';
import { Failure } from '../domain/failure.ts';
import { checkManager } from './check-manager.ts';
import { lockCustomer } from './find-customer.ts';
import { hashOfCode, makeCode } from './invitation-code.ts';

export interface NewInvitation {
  customer: string;
  role: 'member' | 'admin';
  /** how many people may join by it */
  uses: number;
  /** seven days after its creation by default */
  expiresAt?: Date | undefined;
  /** the member who invites; undefined: an administrator of the installation */
  asMember?: string | undefined;
}

export interface MadeInvitation extends Record<string, unknown> {
  customer: string;
  /** shown only once */
  code: string;
  ending: string;
  role: string;
  uses: number;
  expires_at: Date;
}

const usualDays = 7;

/**
 * Creates an invitation to a group and stores only its hash. It takes no seat until somebody joins.
 * @throws Failure not_found, refused for a customer that is not a group and for a member who is not an admin of it, usage for an end in
 * the past
 */
export async function createInvitation(
  tx: Db,
  change: Change,
  asked: NewInvitation,
): Promise<MadeInvitation> {
  const { customer, role, uses, expiresAt = new Date(change.at.getTime() + usualDays * 86_400_000) } = asked;
  const group = await lockCustomer(tx, customer);
  if (group.kind !== 'group')
    throw new Failure('refused', `Customer ${customer} is a user, and only groups have members`, {
      hint: 'Create a group: subctl customers add ID --kind group',
    });
  await checkManager(tx, asked);
  if (expiresAt <= change.at)
    throw new Failure(
      'usage',
      `The invitation would expire at ${expiresAt.toISOString()}, which is in the past`,
      {
        hint: 'Give a later --expires',
      },
    );
  const code = makeCode();
  const ending = code.slice(-4);
  await orm(tx)
    .insert(invitations)
    .values({
      customerId: customer,
      id: uuid7(change.at),
      hash: hashOfCode(code),
      createdAt: change.at,
      changeId: change.id,
      ...{ ending, role, uses, expiresAt },
    });
  const after = { ending, role, uses, expires_at: expiresAt.toISOString() };
  await audit(tx, change, [{ customer, entity: 'invitation', key: ending, before: null, after }]);
  return { customer, code, ending, role, uses, expires_at: expiresAt };
}

/**
 * Revokes the invitations of a group whose code ends with the given characters. Revoking them again changes nothing.
 * @throws Failure not_found, and refused for a member who is not an admin of the group
 */
export async function revokeInvitation(
  tx: Db,
  change: Change,
  { customer, ending, asMember }: { customer: string; ending: string; asMember?: string | undefined },
): Promise<{ customer: string; ending: string; revoked: number; changed: boolean }> {
  await lockCustomer(tx, customer);
  await checkManager(tx, { customer, asMember });
  const there = await orm(tx)
    .select({ id: invitations.id, revokedAt: invitations.revokedAt })
    .from(invitations)
    .where(and(eq(invitations.customerId, customer), eq(invitations.ending, ending.toUpperCase().slice(-4))));
  if (there.length === 0)
    throw new Failure('not_found', `${customer} has no invitation whose code ends with ${ending.slice(-4)}`, {
      hint: `List them: subctl members invitations ${customer} --all`,
    });
  const open = there.filter((row) => row.revokedAt === null).map(({ id }) => id);
  if (open.length === 0) return { customer, ending, revoked: 0, changed: false };
  await orm(tx)
    .update(invitations)
    .set({ revokedAt: change.at, changeId: change.id })
    .where(and(eq(invitations.customerId, customer), inArray(invitations.id, open)));
  const after = { revoked_at: change.at.toISOString() };
  await audit(tx, change, [
    { customer, entity: 'invitation', key: ending, before: { revoked_at: null }, after },
  ]);
  return { customer, ending, revoked: open.length, changed: true };
}
