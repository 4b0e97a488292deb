import { and, eq } from 'drizzle-orm';
import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { orm } from '../database/orm.ts';
import { invitations } from '../database/schema/invitations.ts';
import { Failure } from '../domain/failure.ts';
import { addMember } from './add-member.ts';
import { lockCustomer } from './find-customer.ts';
import { hashOfCode } from './invitation-code.ts';

export interface Joining {
  code: string;
  member: string;
  /** the group that the code must belong to; undefined: any group */
  customer?: string | undefined;
  name?: string | undefined;
  email?: string | undefined;
}

type Invitation = typeof invitations.$inferSelect;

/**
 * Adds a person to the group of an invitation code, while the invitation is open and the plan has a free seat. It holds the customer's
 * lock: of several people who join by the last use at the same time, one succeeds.
 * @throws Failure not_found for an unknown code, refused for an invitation that is over or a plan without a free seat, conflict for a
 * member
 */
export async function joinByCode(tx: Db, change: Change, asked: Joining): Promise<Record<string, unknown>> {
  const found = await find(tx, asked);
  if (!found) throw noSuchCode();
  await lockCustomer(tx, found.customerId);
  const invitation = (await find(tx, asked))!;
  checkOpen(invitation, change.at);
  const { customerId: customer, role, ending, id, used } = invitation;
  const { member, name, email } = asked;
  const joined = await addMember(tx, change, { customer, member, role, name, email });
  await orm(tx)
    .update(invitations)
    .set({ used: used + 1, changeId: change.id })
    .where(and(eq(invitations.customerId, customer), eq(invitations.id, id)));
  await audit(tx, change, [
    { customer, entity: 'invitation', key: ending, before: { used }, after: { used: used + 1 } },
  ]);
  return joined;
}

async function find(tx: Db, { code, customer }: Joining): Promise<Invitation | undefined> {
  const isOfCustomer = customer === undefined ? undefined : eq(invitations.customerId, customer);
  const [row] = await orm(tx)
    .select()
    .from(invitations)
    .where(and(eq(invitations.hash, hashOfCode(code)), isOfCustomer));
  return row;
}

/** The message does not repeat the code: it may be a real one with a wrong character. */
function noSuchCode(): Failure {
  return new Failure('not_found', 'The invitation code is not valid', {
    hint: 'Check that it is complete: five groups of four characters',
  });
}

function checkOpen({ customerId: customer, used, uses, expiresAt, revokedAt }: Invitation, now: Date): void {
  const over = (why: string) =>
    new Failure('refused', `This invitation into ${customer} ${why}`, {
      hint: `Ask for another: subctl members invite ${customer}`,
    });
  if (revokedAt !== null && revokedAt <= now) throw over('was revoked');
  if (expiresAt <= now) throw over(`expired at ${expiresAt.toISOString()}`);
  if (used >= uses) throw over(uses === 1 ? 'has been used' : `has been used ${uses} times, its maximum`);
}
