import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { addMember } from './add-member.ts';
import { lockCustomer } from './find-customer.ts';
import { hashOfCode } from './invitation-code.ts';

export interface Joining {
  code: string;
  member: string;
  /** the group that the code has to be of; undefined: whichever it is of */
  customer?: string | undefined;
  name?: string | undefined;
  email?: string | undefined;
}

interface Invitation {
  id: string;
  customer: string;
  role: 'member' | 'admin';
  ending: string;
  used: number;
  uses: number;
  expiresAt: Date;
  revokedAt: Date | null;
}

/**
 * Makes a person a member of the group whose invitation code this is (M8), while it is open and the plan has a seat. Under the customer's
 * lock: of many who join at once by the last use, one does.
 * @throws Failure not_found for a code that nobody has, refused for one that is over or a plan without a seat, conflict for a member
 */
export async function joinByCode(tx: Db, change: Change, asked: Joining): Promise<Record<string, unknown>> {
  const found = await find(tx, asked);
  if (!found) throw noSuchCode();
  await lockCustomer(tx, found.customer);
  const invitation = (await find(tx, asked))!;
  checkOpen(invitation, change.at);
  const { customer, role, ending, id, used } = invitation;
  const { member, name, email } = asked;
  const joined = await addMember(tx, change, { customer, member, role, name, email });
  await tx`
    update subctl.invitations set used = used + 1, change_id = ${change.id} where customer_id = ${customer} and id = ${id}`;
  await audit(tx, change, [
    { customer, entity: 'invitation', key: ending, before: { used }, after: { used: used + 1 } },
  ]);
  return joined;
}

async function find(tx: Db, { code, customer }: Joining): Promise<Invitation | undefined> {
  const [row] = await tx<Invitation[]>`
    select id, customer_id as customer, role, ending, used, uses, expires_at as "expiresAt", revoked_at as "revokedAt"
      from subctl.invitations
     where hash = ${hashOfCode(code)} and (${customer ?? null}::text is null or customer_id = ${customer ?? null})`;
  return row;
}

/** The code is not repeated: it may be a real one with a wrong sign. */
function noSuchCode(): Failure {
  return new Failure('not_found', 'There is no such invitation code', {
    hint: 'Look whether it is complete: five times four signs',
  });
}

function checkOpen({ customer, used, uses, expiresAt, revokedAt }: Invitation, now: Date): void {
  const over = (why: string) =>
    new Failure('refused', `This invitation into ${customer} ${why}`, {
      hint: `Ask for another: subctl members invite ${customer}`,
    });
  if (revokedAt !== null && revokedAt <= now) throw over('was taken back');
  if (expiresAt <= now) throw over(`ended at ${expiresAt.toISOString()}`);
  if (used >= uses)
    throw over(uses === 1 ? 'has been used' : `has been used ${uses} times, as often as it may be`);
}
