import { and, eq, inArray, isNull } from 'drizzle-orm';
import { setDisabled } from '../customers/disable.ts';
import { lockCustomer } from '../customers/find-customer.ts';
import { audit, type Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { orm } from '../database/orm.ts';
import { notifications } from '../database/schema/customers.ts';
import { stripeEvents } from '../database/schema/stripe.ts';
import { findPerson, type Person } from './find-person.ts';
import { whileWritable } from './append-only.ts';
import { personalTables } from './personal-columns.ts';
import { refuseAmountDue } from './refuse-amount-due.ts';

/** What was erased: how many rows of each table lost something. `before` is when it was erased the last time. */
export interface Erased {
  person: Person;
  rows: Record<string, number>;
  before: Date | null;
  changed: boolean;
}

/**
 * Takes away what names or describes a person: name, address, metadata, free text, notices, raw webhooks, the link to Stripe; of a group
 * also its members. Ids, amounts, times and documents stay, so that every sum and every proof is what it was. The customer is disabled,
 * and notices that wait are not sent. The audit says that it happened, and to how many rows.
 * @throws Failure not_found; refused while something is owed or goes on, unless `force`
 */
export async function erasePerson(
  tx: Db,
  change: Change,
  { id, force }: { id: string; force: boolean },
): Promise<Erased> {
  const person = await findPerson(tx, id);
  if (person.customer) await lockCustomer(tx, id);
  if (!force) await refuseAmountDue(tx, id);
  const before = await findErasure(tx, id);
  const rows = await whileWritable(tx, () => eraseRows(tx, change, person));
  const changed = Object.keys(rows).length > 0;
  if (changed) {
    if (person.customer) await setDisabled(tx, change, { id, disabled: true });
    await audit(tx, change, [
      {
        customer: person.customer ? id : person.groups[0]!,
        entity: 'person',
        key: id,
        before: null,
        after: { erased_at: change.at.toISOString(), rows },
      },
    ]);
  }
  return { person, rows, before, changed };
}

async function eraseRows(tx: Db, change: Change, { id, groups }: Person): Promise<Record<string, number>> {
  const { customerId, sentAt, deadAt } = notifications;
  await orm(tx)
    .update(notifications)
    .set({ deadAt: change.at, nextTryAt: null })
    .where(and(eq(customerId, id), isNull(sentAt), isNull(deadAt)));
  await orm(tx)
    .update(stripeEvents)
    .set({ status: 'ignored', nextTryAt: null })
    .where(and(eq(stripeEvents.customerId, id), inArray(stripeEvents.status, ['received', 'failed'])));
  const counts: Record<string, number> = {};
  for (const [name, { customer, by = `t."${customer}"`, erased }] of Object.entries(personalTables)) {
    if (!erased) continue;
    const set = Object.entries(erased).map(([column, becomes]) => `"${column}" = ${becomes}`);
    const differs = Object.entries(erased).map(
      ([column, becomes]) => `t."${column}" is distinct from (${becomes})`,
    );
    const asMember = name === 'members' ? ' or (t.customer_id = any ($2::text[]) and t.member_id = $1)' : '';
    const { count } = await tx.unsafe(
      `update subctl."${name}" t set ${set.join(', ')}
        where (${by} = $1${asMember}) and (${differs.join(' or ')}) and $2::text[] is not null`,
      [id, groups],
    );
    if (count > 0) counts[name] = count;
  }
  return counts;
}

/** When the person was erased the last time. */
async function findErasure(tx: Db, id: string): Promise<Date | null> {
  const [row] = await tx<{ at: Date | null }[]>`
    select max((a.after->>'erased_at')::timestamptz) as at
      from subctl.audit_log a where a.entity = 'person' and a.entity_key = ${id}`;
  return row!.at;
}
