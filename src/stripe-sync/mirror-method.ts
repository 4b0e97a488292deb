import type Stripe from 'stripe';
import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import type { StripeAccount } from '../payments/stripe-account.ts';
import { expiryOf, readSavedMethods } from '../payments/stripe-methods.ts';

/** The saved payment method that is charged, with the details that a customer is shown. */
export interface SavedMethod {
  id: string;
  /** `visa`, `sepa_debit` */
  brand: string;
  last4: string | null;
  /** the first instant at which the card is expired: the start of the month after its last, UTC */
  expiresAt: Date | null;
}

/**
 * Finds the method that Stripe charges next: the default of the live subscription, that of our plans before any other, else the
 * customer's, else the only saved one; undefined without any. Checkout saves a card as the subscription's default.
 */
export async function readMethod(
  account: StripeAccount,
  customer: Stripe.Customer,
  subscriptions: readonly Stripe.Subscription[],
): Promise<SavedMethod | undefined> {
  const live = subscriptions.filter(({ status }) =>
    /^(trialing|active|past_due|unpaid|paused)$/.test(status),
  );
  const ours = live.find(({ metadata }) => metadata['subctl_plan'] !== undefined) ?? live[0];
  const { chosen } = await readSavedMethods(account, customer, ours);
  return chosen && methodOf(chosen);
}

function methodOf(method: Stripe.PaymentMethod): SavedMethod {
  const { id, type, card, us_bank_account: bank, sepa_debit: sepa } = method;
  return {
    id,
    brand: card?.brand ?? type,
    last4: card?.last4 ?? bank?.last4 ?? sepa?.last4 ?? null,
    expiresAt: expiryOf(method) ?? null,
  };
}

/**
 * Stores the payment method of a customer. With a new one, declined payments are tried again at once, also permanently declined ones. For
 * a card that expires before the next charge, within 30 days, the customer is notified once per expiry month. The caller has locked the
 * customer and written the row of its copy.
 */
export async function mirrorMethod(
  tx: Db,
  change: Change,
  { customer, method, at }: { customer: string; method: SavedMethod | undefined; at: Date },
): Promise<void> {
  const { id = null, brand = null, last4 = null, expiresAt = null } = method ?? {};
  const changed = await tx`
    update subctl.stripe_mirrors m set method_id = ${id}, method_brand = ${brand}, method_last4 = ${last4}, method_expires_at = ${expiresAt}
     where m.customer_id = ${customer}
       and (m.method_id, m.method_brand, m.method_last4, m.method_expires_at) is distinct from (${id}::text, ${brand}::text, ${last4}::text, ${expiresAt}::timestamptz)
    returning 1`;
  if (changed.length > 0 && method) await tryAgain(tx, change, { customer, at });
  if (expiresAt) await warn(tx, { customer, at });
}

async function tryAgain(
  tx: Db,
  change: Change,
  { customer, at }: { customer: string; at: Date },
): Promise<void> {
  await tx`
    update subctl.invoices i set collect_at = ${at}, change_id = ${change.id}
      from subctl.subscriptions s
     where i.customer_id = ${customer} and i.status = 'open' and (i.collect_at is null or i.collect_at > ${at})
       and s.customer_id = i.customer_id and s.id = i.subscription_id and s.collection = 'charge'
       and exists (select from subctl.payments p where p.customer_id = i.customer_id and p.invoice_id = i.id and p.status = 'declined')
       and not exists (select from subctl.payments p where p.customer_id = i.customer_id and p.invoice_id = i.id
                          and p.status in ('intended', 'processing', 'requires_action'))`;
}

async function warn(tx: Db, { customer, at }: { customer: string; at: Date }): Promise<void> {
  await tx`
    select subctl_internal.queue_notice(s.customer_id, 'card_expiring', 'card_expiring:' || m.method_id || ':' || m.month,
             jsonb_build_object('customer', s.customer_id, 'plan', s.plan_id, 'last4', coalesce(m.method_last4, ''), 'expires', m.month,
               'ends', subctl_internal.local_text(s.customer_id, s.current_period_end)), ${at})
      from (select x.*, to_char(x.method_expires_at at time zone 'UTC' - interval '1 day', 'MM/YYYY') as month from subctl.stripe_mirrors x) m
      join subctl.subscriptions s on s.customer_id = m.customer_id and s.status in ('trialing', 'active', 'past_due')
     where m.customer_id = ${customer} and s.collection in ('charge', 'stripe') and s.price > 0 and s.auto_renew and not s.cancel_at_period_end
       and m.method_expires_at <= s.current_period_end and m.method_expires_at <= ${at}::timestamptz + interval '30 days'`;
}
