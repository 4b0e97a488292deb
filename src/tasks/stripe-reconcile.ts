import type { Change } from '../database/change.ts';
import type { Connection, Db } from '../database/connect.ts';
import { recordChange } from '../database/change.ts';
import { inDryRun } from '../database/dry-run.ts';
import type { Difference } from '../stripe-sync/differences.ts';
import { processWaiting } from '../stripe-sync/process-waiting.ts';
import { listOverdue, reconcile, type Reconciled } from '../stripe-sync/reconcile.ts';
import type { StripeAccount } from '../payments/stripe-account.ts';
import { addDeadLetter, removeDeadLetters } from '../database/dead-letters.ts';
import type { Services } from './services.ts';
import { listUnreported, reportOverages } from './overage.ts';
import type { FencedWriter } from './fenced-writer.ts';
import { type DueRow, nothingDone, type Task, type TaskResult } from './task.ts';
import type { TaskOptions } from './task-options.ts';

const name = 'stripe-reconcile';

/**
 * Pulls what webhooks missed: first the events that wait, then every customer who is one of Stripe's and was not compared in the last half
 * day, so that a run that was stopped is finished by the next. What differs becomes what Stripe says; what cannot be compared is parked. Then Stripe
 * is told what was used beyond limits of the subscriptions that it owns.
 */
export const stripeReconcile = (services: Services): Task => ({
  name,
  count: (rows) => rows.length,
  async preview(connection, ask) {
    const change = { now: ask.asOf, actor: 'subctl', action: name };
    const writeDryRun = <T>(work: (tx: Db, change: Change) => Promise<T>) =>
      inDryRun(connection, async (tx) => work(tx, await recordChange(tx, change)));
    const rows = rowsOf(await compare(connection, ask, { services, write: writeDryRun }), ask);
    return [...rows, ...(await listUnreported(connection, ask))];
  },
  async run(connection, batch, ask) {
    const account = await openWhenNeeded(connection, services, ask);
    const result = account ? await mirrorAll(connection, batch, { ask, services, account }) : nothingDone();
    if (!result.stopped) await reportOverages(connection, batch, { ask, services, worked: result });
    return result;
  },
});

interface Mirroring {
  ask: TaskOptions;
  services: Services;
  account: StripeAccount;
}

async function mirrorAll(
  connection: Connection,
  batch: FencedWriter,
  { ask, services, account }: Mirroring,
): Promise<TaskResult> {
  const shouldStop = () => batch.shouldStop();
  const events =
    ask.customer === undefined
      ? await processWaiting(connection, account, (work) => batch.write(work), { now: ask.asOf })
      : [];
  const done = await compare(connection, ask, { services, write: (work) => batch.write(work), shouldStop });
  // an object that failed was parked beside what was written of its customer
  for (const { customer, error } of done.unread.filter(({ object }) => object === undefined))
    await batch.write((tx) => addDeadLetter(tx, { task: name, customer, payload: {} }, error, ask.asOf));
  await batch.write((tx) => removeDeadLetters(tx, name, done.read));
  batch.progress(done.differences.length);
  const failed = events.filter(({ status }) => status === 'failed').length;
  return {
    ...nothingDone(),
    done: done.differences.length,
    skipped: done.read.length - new Set(done.differences.map(({ customer }) => customer)).size,
    parked: done.unread.length,
    rows: ask.keepRows ? rowsOf(done, ask) : [],
    notes:
      failed > 0
        ? [`${failed} webhooks could not be processed: subctl stripe events list --status failed`]
        : [],
    stopped: done.stopped,
  };
}

interface Compare {
  services: Services;
  write: Parameters<typeof reconcile>[2];
  shouldStop?: () => boolean;
}

async function compare(
  connection: Connection,
  ask: TaskOptions,
  { services, write, shouldStop }: Compare,
): Promise<Reconciled> {
  const account = await openWhenNeeded(connection, services, ask);
  if (!account)
    return { compared: 0, differences: [], unread: [], read: [], last: undefined, stopped: false };
  return reconcile(connection, account, write, {
    at: ask.asOf,
    customer: ask.customer,
    limit: ask.limit,
    overdue: true,
    shouldStop,
  });
}

/** Without a customer of Stripe's there is nothing to ask it, and no key is needed. */
async function openWhenNeeded(connection: Connection, services: Services, { asOf }: TaskOptions) {
  if ((await listOverdue(connection, { at: asOf, limit: 1 })).length === 0) return undefined;
  return services.stripe();
}

const rowsOf = ({ differences }: { differences: readonly Difference[] }, { asOf }: TaskOptions): DueRow[] =>
  differences.map(({ customer, object, field, here, stripe }) => ({
    customer,
    subject: object,
    action: here === null ? 'add' : 'mend',
    reason: `${field} is ${here ?? 'not'} here and ${stripe ?? 'not'} at Stripe`,
    due_at: asOf,
  }));
