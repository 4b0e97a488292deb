import { listDueNotifications } from '../notifications/list-due.ts';
import { type SentNotifications, sendNotifications } from '../notifications/send.ts';
import type { Services } from './services.ts';
import { type Task, nothingDone } from './task.ts';

/** Puts what customers are to be told into the outbox and delivers it: each notification once, with ever longer pauses between its tries. */
export const sendAlerts = (services: Services): Task => ({
  name: 'send-alerts',
  preview: listDueNotifications,
  count: (rows) => rows.filter(({ action }) => action === 'send').length,
  async run(connection, batch, ask) {
    const outbox = await services.outbox();
    const { write, shouldStop, progress } = batch;
    const done = await sendNotifications({ ...ask, db: connection, write, shouldStop, progress }, outbox);
    const { sent, later, gone, stopped } = done;
    return {
      ...nothingDone(),
      done: sent,
      skipped: later + gone,
      stopped,
      notes: notesOf(done),
    };
  },
});

function notesOf({ queued, unsent, later, gone, error }: SentNotifications): string[] {
  return [
    ...(queued > 0 ? [`${queued} new`] : []),
    ...(unsent ? ['no mail server and no webhook is set: notices wait (see: subctl alerts outbox)'] : []),
    ...(later > 0 ? [`${later} are tried again: ${error ?? ''}`] : []),
    ...(gone > 0 ? [`${gone} are given up (see: subctl alerts outbox --state dead)`] : []),
  ];
}
