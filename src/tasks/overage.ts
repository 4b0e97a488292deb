import { call } from '../database/call.ts';
import type { Connection } from '../database/connect.ts';
import { inDryRun } from '../database/dry-run.ts';
import { Failure } from '../domain/failure.ts';
import { listOverusers, reportOverage } from '../stripe-sync/report-overage.ts';
import { addDeadLetter, removeDeadLetter } from '../database/dead-letters.ts';
import type { FencedWriter } from './fenced-writer.ts';
import type { Services } from './services.ts';
import type { DueRow, TaskResult } from './task.ts';
import type { TaskOptions } from './task-options.ts';

const task = 'stripe-reconcile';
const id = 'overage';

/** What Stripe would be told of use beyond limits now. */
export async function listUnreported(
  connection: Connection,
  { asOf, customer: one }: TaskOptions,
): Promise<DueRow[]> {
  const rows: DueRow[] = [];
  for (const { customer } of await listOverusers(connection, one)) {
    const unreported = await inDryRun(connection, async (tx) => {
      await call(tx, 'subctl_internal.queue_stripe_overage', { customer, as_of: asOf, change: 'rehearsal' });
      return tx<{ key: string; reason: string }[]>`
        select source_key as key, description || ', ' || trim_scale(amount) || ' ' || currency as reason
          from subctl.stripe_overages where customer_id = ${customer} and told_at is null and failed_at is null order by at, source_key`;
    });
    rows.push(
      ...unreported.map(({ key, reason }) => ({
        customer,
        subject: key,
        action: 'tell',
        reason,
        due_at: asOf,
      })),
    );
  }
  return rows;
}

/** Tells Stripe what was used beyond limits of subscriptions that it owns; who cannot be told of is parked, and the others go on. */
export async function reportOverages(
  connection: Connection,
  batch: FencedWriter,
  {
    ask: { asOf, customer: one },
    services,
    worked: result,
  }: { ask: TaskOptions; services: Services; worked: TaskResult },
): Promise<void> {
  for (const { customer, stripeCustomer } of await listOverusers(connection, one)) {
    if (batch.shouldStop()) return void (result.stopped = true);
    const account = await services.stripe();
    try {
      const { told, refused } = await reportOverage(connection, account, (work) => batch.write(work), {
        customer,
        stripeCustomer,
        now: asOf,
      });
      result.done += told;
      result.notes.push(...refused.map((sentence) => `${customer}: ${sentence}`));
      await batch.write((tx) => removeDeadLetter(tx, { task, customer, id }));
    } catch (error) {
      if (!(error instanceof Failure) || !/^(unavailable|refused|not_found)$/.test(error.kind)) throw error;
      await batch.write((tx) => addDeadLetter(tx, { task, customer, id, payload: {} }, error, asOf));
      result.parked += 1;
    }
  }
}
