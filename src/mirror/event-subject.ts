import type Stripe from 'stripe';
import { idOf } from '../payments/stripe-values.ts';

/** What an event is about: only names; what they stand for is asked of Stripe. */
export interface EventSubject {
  stripeCustomer: string | undefined;
  /** our own id, where the object says it */
  customer: string | undefined;
  invoice: string | undefined;
  intent: string | undefined;
  /** a dispute or a warning, which is kept as it is */
  dispute: { kind: 'dispute' | 'warning'; id: string; charge: string } | undefined;
}

type Loose = Record<string, unknown> & { id?: string; object?: string };

const known =
  /^(customer\.(created|updated|deleted)|payment_method\.(attached|detached|updated|automatically_updated)|customer\.subscription\.\w+|invoice\.\w+|payment_intent\.\w+|charge\.(succeeded|failed|refunded|updated|pending|captured|expired|refund\.updated|dispute\.\w+)|refund\.\w+|checkout\.session\.(completed|async_payment_succeeded|async_payment_failed)|radar\.early_fraud_warning\.\w+|invoice_payment\.\w+)$/;

/** What an event is about; undefined for a type that nothing here depends on. */
export function subjectOf({ type, data }: Stripe.Event): EventSubject | undefined {
  if (!known.test(type)) return undefined;
  const object = data.object as unknown as Loose;
  const is = (kind: string) => object.object === kind;
  const name = (field: string) => idOf(object[field] as string | { id: string } | null | undefined);
  const metadata = (object['metadata'] ?? {}) as Record<string, string>;
  const isDispute = is('dispute') || is('radar.early_fraud_warning');
  return {
    stripeCustomer: is('customer') ? object.id : name('customer'),
    customer:
      metadata['subctl_customer'] ??
      (is('checkout.session') ? (name('client_reference_id') ?? undefined) : undefined),
    invoice: is('invoice') ? object.id : name('invoice'),
    intent: is('payment_intent') ? object.id : name('payment_intent'),
    dispute: isDispute
      ? { kind: is('dispute') ? 'dispute' : 'warning', id: object.id ?? '', charge: name('charge') ?? '' }
      : undefined,
  };
}
