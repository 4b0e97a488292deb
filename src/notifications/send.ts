import type { Db } from '../database/connect.ts';
import {
  recordAttempts,
  queueNotifications,
  deliverNotification,
  claimNotifications,
  addWebhookNotifications,
} from './deliver.ts';
import { isAnyWaiting, isAnythingDue } from './list-due.ts';
import type { Outbox } from './outbox.ts';

export interface Sending {
  db: Db;
  /** runs work in its own transaction, which is committed when this returns */
  write<T>(work: (tx: Db) => Promise<T>): Promise<T>;
  asOf: Date;
  customer?: string | undefined;
  /** at most this many tries */
  limit?: number | undefined;
  shouldStop(): boolean;
  progress(sent: number): void;
}

export interface SentNotifications {
  queued: number;
  sent: number;
  /** will be tried again */
  later: number;
  /** dead, or muted */
  gone: number;
  /** some wait, and there is no channel for them */
  unsent: boolean;
  /** why the last one was not sent */
  error: string | null;
  stopped: boolean;
}

const pageSize = 1_000;
const concurrency = 20;

/**
 * Queues due notifications and delivers the outbox. A notification is taken in a transaction that stores its next try, then sent, then
 * marked. A sender that dies in between leaves it to that next try, and two senders never hold the same notification.
 */
export async function sendNotifications(sending: Sending, outbox: Outbox): Promise<SentNotifications> {
  const { db, write, asOf, customer, limit = Infinity, shouldStop } = sending;
  const all: SentNotifications = {
    ...{ queued: 0, sent: 0, later: 0, gone: 0 },
    ...{ unsent: false, error: null, stopped: false },
  };
  while (await isAnythingDue(db, { asOf, customer })) {
    if (shouldStop()) return { ...all, stopped: true };
    const queued = await write((tx) => queueNotifications(tx, { asOf, customer, batch: pageSize }));
    if (queued === 0) break; // another sender has done it
    all.queued += queued;
  }
  const waits = () => isAnyWaiting(db, { asOf, customer });
  if (outbox.channels.length === 0) return { ...all, unsent: await waits() };
  if (outbox.channels.length > 1 && (await waits())) await write((tx) => addWebhookNotifications(tx, asOf));
  for (let room = limit; room > 0 && (await waits());) {
    if (shouldStop()) return { ...all, stopped: true };
    const taken = await write((tx) =>
      claimNotifications(tx, { asOf, customer, count: Math.min(concurrency, room) }),
    );
    const tries = await Promise.all(taken.map((notification) => deliverNotification(notification, outbox)));
    if (tries.length > 0) await write((tx) => recordAttempts(tx, tries, asOf));
    for (const { outcome, error } of tries) {
      all[outcome] += 1;
      if (outcome !== 'sent') all.error = error;
    }
    room -= tries.length;
    sending.progress(all.sent);
  }
  return all;
}
