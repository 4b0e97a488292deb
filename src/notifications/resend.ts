import type { Change } from '../database/change.ts';
import { audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
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
  const [found] = await tx<{ kind: string; waiting: boolean; attempts: number; erased: boolean }[]>`
    select kind, sent_at is null and dead_at is null as waiting, attempts, payload ? 'erased' as erased from subctl.notifications where customer_id = ${customer} and id = ${id} for update`;
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
  await tx`
    update subctl.notifications set sent_at = null, dead_at = null, last_error = null, attempts = 0, next_try_at = ${change.at}
     where customer_id = ${customer} and id = ${id}`;
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
