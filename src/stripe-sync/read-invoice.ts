import type Stripe from 'stripe';
import { fromMinorUnits, minorFromNumber } from '../payments/minor-units.ts';
import { idOf, instantOf } from '../payments/stripe-values.ts';

/** A Stripe invoice in our terms. */
export interface StripeInvoice {
  id: string;
  number: string;
  status: (typeof statuses)[number];
  currency: string;
  total: string;
  /** of the total: settled by the customer's balance, by credit notes before it was paid, and outside of Stripe */
  balance: string;
  creditNotes: string;
  outOfBand: string;
  periodStart: Date;
  periodEnd: Date;
  issuedAt: Date;
  dueAt: Date | null;
  paidAt: Date | null;
  voidedAt: Date | null;
  subscription: string | null;
  /** which names its plan; null where no line has one */
  price: string | null;
  lines: readonly StripeLine[];
}

/** A line as it is stored here. */
export interface StripeLine {
  kind: 'plan' | 'proration' | 'overage' | 'discount' | 'credits' | 'tax';
  description: string;
  amount: string;
  period_start: Date | null;
  period_end: Date | null;
  details: { stripe_line: string; quantity: number | null } | null;
}

const statuses = ['open', 'paid', 'void', 'uncollectible'] as const;

/** Reads an invoice; undefined for a draft, which is not yet owed. @throws Failure refused for a missing amount */
export function readInvoice(invoice: Stripe.Invoice): StripeInvoice | undefined {
  const status = statuses.find((each) => each === invoice.status);
  if (!status) return undefined;
  const { paid_at: paidAt, voided_at: voidedAt, finalized_at: finalizedAt } = invoice.status_transitions;
  const currency = invoice.currency.toUpperCase();
  const money = (minor: number, field: string) =>
    fromMinorUnits(minorFromNumber(minor, `${field} of ${invoice.id}`), currency);
  const { balance, creditNotes, outOfBand } = settledOf(invoice);
  return {
    ...{ id: invoice.id, status, currency, number: invoice.number ?? invoice.id },
    total: money(invoice.total, 'total'),
    balance: money(balance, 'balance'),
    creditNotes: money(creditNotes, 'pre_payment_credit_notes_amount'),
    outOfBand: money(outOfBand, 'amount_due'),
    ...periodOf(invoice),
    issuedAt: instantOf(finalizedAt ?? invoice.created),
    dueAt: invoice.due_date === null ? null : instantOf(invoice.due_date),
    paidAt: status === 'paid' ? instantOf(paidAt ?? invoice.created) : null,
    voidedAt: status === 'void' ? instantOf(voidedAt ?? invoice.created) : null,
    subscription: idOf(invoice.parent?.subscription_details?.subscription) ?? null,
    price: priceOf(invoice),
    lines: linesAt(invoice, currency),
  };
}

/**
 * Computes what settles an invoice beside payments at Stripe, in minor units. The applied balance is what finalizing changed; an
 * overpayment goes to the balance. The part of a paid invoice without a payment at Stripe was paid outside of it: Stripe's list of
 * payments shows that, because an invoice has had no flag for it since 2025.
 */
function settledOf(invoice: Stripe.Invoice): { balance: number; creditNotes: number; outOfBand: number } {
  const { total, amount_due: due, ending_balance: ending, starting_balance: starting } = invoice;
  const creditNotes = invoice.pre_payment_credit_notes_amount ?? 0;
  const applied = ending === null || ending === undefined ? 0 : ending - starting;
  const isApplied = due === total - applied || due === total - applied - creditNotes;
  const settled = isApplied ? applied : total - creditNotes - due;
  const onStripe = (invoice.payments?.data ?? [])
    .filter(({ status, payment }) => status === 'paid' && payment.type !== 'payment_record')
    .reduce((sum, each) => sum + (each.amount_paid ?? each.amount_requested), 0);
  const overpaid = invoice.amount_overpaid ?? 0;
  const outOfBand = invoice.status === 'paid' ? total - settled - creditNotes + overpaid - onStripe : 0;
  return { balance: settled - overpaid, creditNotes, outOfBand: Math.max(0, outOfBand) };
}

/** Finds the plan's own line. */
const planLineOf = (invoice: Stripe.Invoice): Stripe.InvoiceLineItem | undefined =>
  invoice.lines.data.find(
    ({ parent, period }) =>
      parent?.subscription_item_details &&
      !parent.subscription_item_details.proration &&
      period.end > period.start,
  );

/** The period of the plan's own line: the invoice's own period is the previous one. */
function periodOf(invoice: Stripe.Invoice): { periodStart: Date; periodEnd: Date } {
  const whole = { start: invoice.period_start, end: invoice.period_end };
  const { start, end } = planLineOf(invoice)?.period ?? whole;
  return { periodStart: instantOf(start), periodEnd: instantOf(end) };
}

/** The price that names the plan: of the plan's own line, or of the first that charges something. */
function priceOf(invoice: Stripe.Invoice): string | null {
  const line = planLineOf(invoice) ?? invoice.lines.data.find(({ amount }) => amount > 0);
  return idOf(line?.pricing?.price_details?.price) ?? null;
}

/** Stripe's lines, and discounts or taxes of the whole invoice, so that they sum to the total. */
export function linesAt(invoice: Stripe.Invoice, currency: string): StripeLine[] {
  const money = (minor: number, field: string) => fromMinorUnits(minorFromNumber(minor, field), currency);
  const sumOf = (parts: readonly { amount: number }[]) => parts.reduce((sum, { amount }) => sum + amount, 0);
  const sums = [
    { kind: 'discount', description: 'Discount', amount: -sumOf(invoice.total_discount_amounts ?? []) },
    {
      kind: 'credits',
      description: 'Billing credits',
      amount: -sumOf(
        (invoice.total_pretax_credit_amounts ?? []).filter(
          ({ type }) => type === 'credit_balance_transaction',
        ),
      ),
    },
    {
      kind: 'tax',
      description: 'Tax',
      amount: sumOf((invoice.total_taxes ?? []).filter(({ tax_behavior: how }) => how === 'exclusive')),
    },
  ] as const;
  return [
    ...invoice.lines.data.map((line) => ({
      kind: kindOf(line),
      description: line.description ?? '',
      amount: money(line.amount, `amount of ${line.id}`),
      period_start: instantOf(line.period.start),
      period_end: instantOf(line.period.end),
      details: { stripe_line: line.id, quantity: line.quantity },
    })),
    ...sums
      .filter(({ amount }) => amount !== 0)
      .map(({ amount, ...sum }) => ({
        ...sum,
        amount: money(amount, sum.kind),
        ...{ period_start: null, period_end: null, details: null },
      })),
  ];
}

function kindOf({ parent, metadata }: Stripe.InvoiceLineItem): StripeLine['kind'] {
  if (parent?.subscription_item_details?.proration || parent?.invoice_item_details?.proration)
    return 'proration';
  return metadata['subctl_key'] === undefined ? 'plan' : 'overage';
}
