import { type Change, audit } from '../database/change.ts';
import { needCustomer } from '../customers/find-customer.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { nearest } from '../domain/nearest.ts';
import { findNotificationKind, notificationKindNames } from './kinds.ts';

export interface Muting {
  customer: string;
  kind: string;
  /** '' is every channel */
  channel: '' | 'email' | 'webhook';
  muted: boolean;
}

/**
 * Mutes a kind of notification for a customer, or unmutes it. Returns whether that is a change.
 * @throws Failure not_found for the customer, usage for the kind, refused for kinds about money that is owed
 */
export async function muteNotifications(
  tx: Db,
  change: Change,
  { customer, kind, channel, muted }: Muting,
): Promise<boolean> {
  await needCustomer(tx, customer);
  const about = findNotificationKind(kind);
  if (!about) {
    const near = nearest(kind, notificationKindNames);
    throw new Failure(
      'usage',
      `There is no kind of notice '${kind}'${near ? `, did you mean ${near}?` : ''}`,
      {
        hint: `Kinds are ${notificationKindNames.join(', ')}`,
      },
    );
  }
  if (muted && about.essential)
    throw new Failure('refused', `Notices of the kind ${kind} cannot be muted: ${about.about}`, {
      hint: `These can: ${notificationKindNames.filter((name) => !findNotificationKind(name)!.essential).join(', ')}`,
    });
  const rows = muted
    ? await tx`
        insert into subctl.notification_preferences (customer_id, kind, channel, opted_out_at) values (${customer}, ${kind}, ${channel}, ${change.at})
        on conflict do nothing returning 1`
    : await tx`
        delete from subctl.notification_preferences
         where customer_id = ${customer} and kind = ${kind} and (${channel} = '' or channel = ${channel}) returning 1`;
  const changed = rows.length > 0;
  if (changed)
    await audit(tx, change, [
      {
        customer,
        entity: 'notification_preference',
        key: `${kind} ${channel}`.trim(),
        before: { muted: !muted },
        after: { muted },
      },
    ]);
  return changed;
}
