import type Stripe from 'stripe';
import type { StripeAccount } from '../payments/stripe-account.ts';
import { idOf } from '../payments/stripe-values.ts';
import { copyPhase } from './copy-phase.ts';
import type { LaterRequest } from './later-request.ts';
import { clearEnd } from './subscription-end.ts';

/** What is scheduled for the end of the period; undefined where nothing is, as in the schedule's last phase. */
export function waitingPhase(
  { schedule }: Stripe.Subscription,
  end: number,
): Stripe.SubscriptionSchedule.Phase | undefined {
  const phases = schedule !== null && typeof schedule === 'object' ? schedule.phases : [];
  return phases.find(({ start_date: start }) => start >= end);
}

/**
 * Schedules another price of the plan for the end of the period: the present phase unchanged until then, and a copy with that price after
 * it; then the schedule releases the subscription. Nothing else of the subscription changes: coupons, tax, payment method, description,
 * other items. A trial belongs to the present phase alone. A schedule that was created for this and could not be used is released.
 */
export async function scheduleChange(
  account: StripeAccount,
  found: Stripe.Subscription,
  { item, price, quantity, duration, key }: LaterRequest & { key: string },
): Promise<void> {
  if (found.schedule === null) await clearEnd(account, found);
  const schedule =
    typeof found.schedule === 'object' && found.schedule !== null
      ? found.schedule
      : await account.ask((client) =>
          client.subscriptionSchedules.create(
            { from_subscription: found.id },
            { idempotencyKey: `subctl:schedule:${key}` },
          ),
        );
  const end = item.current_period_end;
  const now = presentPhase(schedule);
  const present = { ...copyPhase(now, found.discounts), start_date: now.start_date, end_date: end };
  const like = copyPhase({ ...now, trial_end: null }, found.discounts);
  const items = now.items.map((each, n) =>
    idOf(each.price) === item.price.id ? { ...like.items[n]!, price, quantity } : like.items[n]!,
  );
  const phases = [present, { ...like, items, start_date: end, duration }];
  const params = { end_behavior: 'release', proration_behavior: 'none', phases } as const;
  try {
    await account.ask((client) => client.subscriptionSchedules.update(schedule.id, params));
  } catch (error) {
    if (found.schedule === null)
      await account.ask((client) => client.subscriptionSchedules.release(schedule.id)).catch(() => undefined); // the first error is the reason
    throw error;
  }
}

function presentPhase({ current_phase: current, phases }: Stripe.SubscriptionSchedule) {
  return phases.find(({ start_date: start }) => start === current?.start_date) ?? phases[0]!;
}
