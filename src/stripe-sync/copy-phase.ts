import type Stripe from 'stripe';
import { idOf } from '../payments/stripe-values.ts';

type Phase = Stripe.SubscriptionSchedule.Phase;
type PhaseParams = Stripe.SubscriptionScheduleUpdateParams.Phase;
type ItemParams = PhaseParams['items'][number];

/** A discount of a subscription. */
type Live = Stripe.Subscription['discounts'][number];

/**
 * Copies a phase of a schedule with all that Stripe needs to leave it unchanged: an update replaces all phases, and what a phase omits is
 * lost (discounts become the customer's; tax rates, payment method, description and trial disappear). `live` are the subscription's own
 * discounts.
 */
export function copyPhase(phase: Phase, live: readonly Live[]): PhaseParams {
  const { automatic_tax: tax, billing_thresholds: thresholds, transfer_data: transfer } = phase;
  return {
    ...present({
      application_fee_percent: phase.application_fee_percent,
      automatic_tax: tax && { enabled: tax.enabled, ...present({ liability: partyOf(tax.liability) }) },
      billing_cycle_anchor: phase.billing_cycle_anchor,
      billing_thresholds: thresholds && present({ ...thresholds }),
      collection_method: phase.collection_method,
      default_payment_method: idOf(phase.default_payment_method),
      description: phase.description,
      invoice_settings: settingsOf(phase.invoice_settings),
      metadata: phase.metadata,
      on_behalf_of: idOf(phase.on_behalf_of),
      transfer_data: transfer && {
        destination: idOf(transfer.destination)!,
        ...present({ amount_percent: transfer.amount_percent }),
      },
      trial_end: phase.trial_end,
    }),
    currency: phase.currency,
    items: phase.items.map((item) => copyItem(item)),
    proration_behavior: 'none',
    ...filled({
      default_tax_rates: phase.default_tax_rates?.map(({ id }) => id),
      discounts: phase.discounts.map((each) => copyDiscount(each, live)),
    }),
  };
}

function copyItem(item: Phase['items'][number]): ItemParams {
  return {
    price: idOf(item.price)!,
    ...present({
      billing_thresholds: thresholdOf(item.billing_thresholds),
      metadata: item.metadata,
      quantity: item.quantity,
    }),
    ...filled({
      discounts: item.discounts.map((each) => copyDiscount(each, [])),
      tax_rates: item.tax_rates?.map(({ id }) => id),
    }),
  };
}

const thresholdOf = (given: Phase['items'][number]['billing_thresholds']) =>
  given?.usage_gte ? { usage_gte: given.usage_gte } : undefined;

/**
 * Refers to a discount by its id, so that it continues with its remaining time; by its coupon or code it would start again and count as
 * another use.
 */
function copyDiscount(
  { discount, coupon, promotion_code: code }: Phase['discounts'][number],
  live: readonly Live[],
): NonNullable<ItemParams['discounts'] & object>[number] {
  const known = idOf(discount) ?? findLive({ coupon: idOf(coupon), code: idOf(code) }, live);
  if (known !== undefined) return { discount: known };
  return code ? { promotion_code: idOf(code)! } : { coupon: idOf(coupon)! };
}

function findLive(
  { coupon, code }: { coupon: string | undefined; code: string | undefined },
  live: readonly Live[],
): string | undefined {
  for (const each of live) {
    if (typeof each === 'string') continue;
    const isSame =
      code === undefined ? idOf(each.source.coupon) === coupon : idOf(each.promotion_code) === code;
    if (isSame) return each.id;
  }
  return undefined;
}

function settingsOf(settings: Phase['invoice_settings']): PhaseParams['invoice_settings'] {
  if (settings === null) return undefined;
  const { account_tax_ids: ids, custom_fields: fields, issuer } = settings;
  return {
    ...present({
      days_until_due: settings.days_until_due,
      description: settings.description,
      footer: settings.footer,
      issuer: partyOf(issuer),
    }),
    ...filled({ account_tax_ids: ids?.map((each) => idOf(each)!), custom_fields: fields ?? undefined }),
  };
}

/** The account that issues an invoice, or is liable. */
const partyOf = (
  party: { account?: string | { id: string }; type: string } | null | undefined,
): { type: string; account?: string } | undefined =>
  party
    ? { type: party.type, ...(party.account !== undefined && { account: idOf(party.account)! }) }
    : undefined;

type Present<T> = { [K in keyof T]?: NonNullable<T[K]> };

/** The fields that have a value. */
const present = <T extends object>(fields: T): Present<T> =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  ) as Present<T>;

/** The lists that are not empty. */
const filled = <T extends Record<string, unknown[] | undefined>>(lists: T): Present<T> =>
  Object.fromEntries(Object.entries(lists).filter(([, list]) => list && list.length > 0)) as Present<T>;
