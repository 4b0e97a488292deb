import { and, eq } from 'drizzle-orm';
import { type Change, audit } from '../database/change.ts';
import { needCustomer } from '../customers/find-customer.ts';
import type { Db } from '../database/connect.ts';
import { orm } from '../database/orm.ts';
import { notificationPreferences as preferences } from '../database/schema/customers.ts';
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
  const isOfKind = and(eq(preferences.customerId, customer), eq(preferences.kind, kind));
  if (muted && about.essential)
    throw new Failure('refused', `Notices of the kind ${kind} cannot be muted: ${about.about}`, {
      hint: `These can: ${notificationKindNames.filter((name) => !findNotificationKind(name)!.essential).join(', ')}`,
    });
  const rows = muted
    ? await orm(tx)
        .insert(preferences)
        .values({ customerId: customer, kind, channel, optedOutAt: change.at })
        .onConflictDoNothing()
        .returning({ channel: preferences.channel })
    : await orm(tx)
        .delete(preferences)
        .where(and(isOfKind, channel === '' ? undefined : eq(preferences.channel, channel)))
        .returning({ channel: preferences.channel });
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
