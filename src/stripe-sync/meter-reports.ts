import type Stripe from 'stripe';
import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import type { StripeAccount } from '../payments/stripe-account.ts';

/** A meter event that Stripe accepted and could not count. */
interface Uncounted {
  identifier: string;
  why: string;
}

/** Stripe's report of meter events that it could not count. */
export interface MeterReport {
  uncounted: Uncounted[];
  /** how many there are; a report names samples */
  count: number;
}

const reports = /^v1\.billing\.meter\.(error_report_triggered|no_meter_found)$/;

/** Whether an event reports uncounted meter events. */
export const isMeterReport = (type: string): boolean => reports.test(type);

/** Fetches the details of a report; the event itself only announces it. @throws Failure not_found after Stripe's 30 days, unavailable */
export async function readMeterReport(account: StripeAccount, id: string): Promise<MeterReport> {
  const event = await account.ask((client) => client.v2.core.events.retrieve(id));
  const { reason } = (event as Stripe.Events.V1BillingMeterErrorReportTriggeredEvent).data;
  const uncounted = reason.error_types.flatMap(({ code, sample_errors: samples }) =>
    samples.map(({ request, error_message: message }) => ({
      identifier: request.identifier,
      why: `${code}: ${message}`,
    })),
  );
  return { uncounted, count: reason.error_count };
}

/**
 * Stores that meter events were not counted: they are sent again under a new identifier, because Stripe keeps the first one, and the
 * customer is parked with Stripe's reason. Returns the customers. Repeating it does nothing, because the identifier has changed.
 */
export async function writeUncounted(tx: Db, change: Change, { uncounted }: MeterReport): Promise<string[]> {
  const customers: string[] = [];
  for (const { identifier, why } of uncounted) {
    const [row] = await tx<{ customer: string; meter: string; units: string }[]>`
      update subctl.stripe_overages set told_at = null, stripe_id = stripe_id || '+', change_id = ${change.id}
       where way = 'meter-events' and stripe_id = ${identifier} and told_at is not null
      returning customer_id as customer, meter_id as meter, trim_scale(units)::text as units`;
    if (!row) continue;
    const { customer, meter, units } = row;
    const sentence = `Stripe could not count ${units} of ${meter} of ${customer}: ${why}`;
    await tx`
      insert into subctl.parked as p (task, customer_id, id, reason, attempts, first_at, last_at, last_error, next_try_at, payload)
      values ('stripe-reconcile', ${customer}, 'overage', 'refused', 1, ${change.at}, ${change.at}, ${sentence}, ${change.at}, '{}')
      on conflict (task, customer_id, id) do update
        set reason = excluded.reason, attempts = p.attempts + 1, last_at = excluded.last_at, last_error = excluded.last_error, next_try_at = excluded.next_try_at`;
    customers.push(customer);
  }
  return customers;
}

/** Summarizes a report. */
export function noteOf({ count, uncounted }: MeterReport, customers: readonly string[]): string | null {
  const uses = count === 1 ? '1 meter event' : `${count} meter events`;
  if (customers.length === 0)
    return `${uses} could not be counted; none of the named ones was sent by subctl`;
  return count > uncounted.length ? `${uses} could not be counted; Stripe names ${uncounted.length}` : null;
}
