import { and, eq, sql } from 'drizzle-orm';
import type { Change } from '../database/change.ts';
import { audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { orm } from '../database/orm.ts';
import { notifications } from '../database/schema/customers.ts';
import { Failure } from '../domain/failure.ts';

/**
 * Queues a notification again that is dead or was returned, with all its tries.
 * @throws Failure not_found, or refused for one that is already waiting
 */
export async function resendNotification(
  tx: Db,
  change: Change,
  { customer, id }: { customer: string; id: string },
): Promise<void> {
  const { sentAt, deadAt, attempts, payload } = notifications;
  const isIt = and(eq(notifications.customerId, customer), eq(notifications.id, id));
  const [found] = await orm(tx)
    .select({
      waiting: sql<boolean>`${sentAt} is null and ${deadAt} is null`,
      erased: sql<boolean>`${payload} ? 'erased'`,
      attempts,
    })
    .from(notifications)
    .where(isIt)
    .for('update');
  const who = customer === '' ? 'the operator' : customer;
  if (!found)
    throw new Failure('not_found', `There is no notice ${id} of ${who}`, {
      hint: `subctl alerts outbox ${customer === '' ? '--operator' : `--customer ${customer}`} --json`,
    });
  if (found.waiting)
    throw new Failure('refused', `Notice ${id} of ${who} waits to be sent already`, {
      hint: 'subctl send-alerts',
    });
  if (found.erased)
    throw new Failure('refused', `What notice ${id} of ${who} said was erased: it cannot be sent again`);
  await orm(tx)
    .update(notifications)
    .set({ sentAt: null, deadAt: null, lastError: null, attempts: 0, nextTryAt: change.at })
    .where(isIt);
  await audit(tx, change, [
    {
      customer,
      entity: 'notification',
      key: id,
      before: { attempts: found.attempts, waiting: false },
      after: { attempts: 0, waiting: true },
    },
  ]);
}
