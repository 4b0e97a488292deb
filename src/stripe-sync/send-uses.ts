import type Stripe from 'stripe';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import type { StripeAccount } from '../payments/stripe-account.ts';
import { secondsOf } from '../payments/stripe-values.ts';
import type { UnreportedOverage } from './unreported-overage.ts';

/** The oldest use that a meter accepts, in seconds: 35 days. */
const oldestSeconds = 35 * 86_400;

interface Sending {
  customer: string;
  stripeCustomer: string;
  unreported: UnreportedOverage;
  identifier: string;
  now: Date;
}

/**
 * Sends a use to the meter `subctl_<meter>` as one meter event. Stripe accepts every event and validates it later, so the meter, its
 * formula and the age are checked here. It refuses an identifier that it received within about a day. For one of an earlier run, whose
 * answer may have been lost, the meter's sums are therefore read first.
 * @throws Failure refused for what Stripe could not count, unavailable
 */
export async function sendUses(db: Db, account: StripeAccount, sending: Sending): Promise<void> {
  const { stripeCustomer, unreported, identifier, now } = sending;
  const { units, windowEnd, meter: name } = unreported;
  const timestamp = secondsOf(windowEnd) - 1;
  if (secondsOf(now) - timestamp > oldestSeconds)
    throw new Failure(
      'refused',
      `Stripe meters accept uses of the last 35 days, and the window of ${name} ended at ${windowEnd.toISOString()}`,
      { hint: 'Bill it by hand in the Stripe Dashboard', details: { for_good: true } },
    );
  if (!/^\d+$/.test(units))
    throw new Failure('refused', `Stripe meters count whole units, and the usage of ${name} is ${units}`, {
      hint: 'Set stripe_overage to invoice-items',
    });
  const meter = await findMeter(account, name);
  if (unreported.resumed && (await isCounted(db, account, { ...sending, meter, timestamp }))) return;
  const { customer_mapping: mapping, value_settings: value } = meter;
  const event = {
    event_name: meter.event_name,
    payload: { [mapping.event_payload_key]: stripeCustomer, [value.event_payload_key]: units },
    ...{ identifier, timestamp },
  };
  await account
    .ask((client) => client.billing.meterEvents.create(event, { idempotencyKey: identifier }))
    .catch(unlessRepeated);
}

/** @throws Failure refused where no active meter of that name sums */
async function findMeter(account: StripeAccount, name: string): Promise<Stripe.Billing.Meter> {
  const event = `subctl_${name}`;
  const list = (client: Stripe) => client.billing.meters.list({ status: 'active', limit: 100 });
  for await (const meter of account.pages(list)) {
    if (meter.event_name !== event) continue;
    if (meter.default_aggregation.formula === 'sum') return meter;
    throw new Failure(
      'refused',
      `Stripe meter ${event} has the formula ${meter.default_aggregation.formula}, not sum`,
      { hint: 'Create a meter with the formula sum, or set stripe_overage to invoice-items' },
    );
  }
  throw new Failure('refused', `Stripe has no active meter with the event name ${event}`, {
    hint: `Create it in the Stripe Dashboard, or set stripe_overage to invoice-items`,
  });
}

interface Looking extends Sending {
  meter: Stripe.Billing.Meter;
  timestamp: number;
}

/** Whether Stripe already counted it: its sum of the minute exceeds what is known to be sent for that minute by it. */
async function isCounted(
  db: Db,
  account: StripeAccount,
  { customer, stripeCustomer, unreported, meter, timestamp }: Looking,
): Promise<boolean> {
  const start = Math.floor(timestamp / 60) * 60;
  const asked = { customer: stripeCustomer, start_time: start, end_time: start + 60, limit: 100 };
  let counted = 0;
  for await (const each of account.pages((client: Stripe) =>
    client.billing.meters.listEventSummaries(meter.id, asked),
  ))
    counted += each.aggregated_value;
  const [row] = await db<[{ isCounted: boolean }]>`
    select ${counted}::numeric >= coalesce(sum(units), 0) + ${unreported.units}::numeric as "isCounted" from subctl.stripe_overages
     where customer_id = ${customer} and way = 'meter-events' and meter_id = ${unreported.meter} and told_at is not null
       and floor((extract(epoch from window_end) - 1) / 60) * 60 = ${start}`;
  return row.isCounted;
}

/** Whether Stripe already has the identifier, and so the use: by the error's code, or by its message alone. */
function unlessRepeated(error: unknown): void {
  const isRepeat =
    error instanceof Failure &&
    (error.details?.['stripe_code'] === 'duplicate_meter_event' ||
      /already exists with identifier/.test(error.message));
  if (!isRepeat) throw error;
}
