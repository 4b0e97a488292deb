import { call, callRows } from '../database/call.ts';
import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { type Invoice, getInvoice } from '../invoices/find-invoice.ts';
import { toMinorUnits } from '../payments/minor-units.ts';
import type { Gateway, Refund } from '../payments/gateway.ts';
import type { InvoiceOutcome } from './pay-invoice.ts';

/** A refund of an invoice. */
export interface RefundAsked {
  number: string;
  customer?: string | undefined;
  /** what is left of the payment by default */
  amount?: string | undefined;
  /** the same reference again refunds once */
  reference?: string | undefined;
}

/** A refund that is stored and not yet settled. */
export interface Intention {
  customer: string;
  /** what was paid; null where the provider never had the payment */
  invoice: Pick<Invoice, 'number' | 'status'> | null;
  payment: string;
  id: string;
  replayed: boolean;
  status: string;
  amount: string;
  amountMinor: string;
  currency: string;
  provider: string;
  reference: string;
  /** the provider's id of the payment */
  charge: string | null;
  /** why it failed */
  error: string | null;
}

/**
 * Stores a refund of an invoice; the caller commits before asking the provider.
 * @throws Failure not_found, refused (unpaid, or less was paid than is asked), conflict for a reference of another refund
 */
export async function intendRefund(tx: Db, change: Change, asked: RefundAsked): Promise<Intention> {
  const invoice = await getInvoice(tx, asked);
  const { customer, number } = invoice;
  const [payment] = await tx<{ id: string; reference: string; provider: string; refunds: number }[]>`
    select p.id, p.reference, p.provider, (select count(*)::int from subctl.refunds r where r.customer_id = p.customer_id and r.payment_id = p.id) as refunds
      from subctl.payments p
     where p.customer_id = ${customer} and p.invoice_id = ${invoice.id} and p.status in ('paid', 'refunded', 'partially_refunded')
     order by p.status = 'refunded', p.at limit 1`;
  if (!payment) {
    throw new Failure('refused', `Invoice ${number} has no payment to refund: it is ${invoice.status}`, {
      hint:
        invoice.status === 'open'
          ? `To void it: subctl invoices void ${number}`
          : `subctl invoices show ${number}`,
    });
  }
  const reference = asked.reference ?? `${payment.reference}/refund-${payment.refunds + 1}`;
  // do not start what the provider cannot refund
  if (payment.provider === 'stripe' && asked.amount !== undefined)
    toMinorUnits(asked.amount, invoice.currency);
  const [made] = await callRows(tx, 'subctl_internal.start_refund', {
    p_customer: customer,
    p_payment: payment.id,
    p_reference: reference,
    p_amount: asked.amount ?? null,
    p_reason: change.reason,
    p_as_of: change.at,
    p_change: change.id,
  });
  return { ...(await getRefund(tx, { customer, id: made!.refund! })), replayed: made!.replayed! };
}

interface Found extends Omit<Intention, 'replayed' | 'invoice'> {
  number: string | null;
  invoiceStatus: Invoice['status'];
}

/** Finds a refund as it is stored. */
export async function getRefund(
  db: Db,
  { customer, id }: { customer: string; id: string },
): Promise<Intention> {
  const [row] = await db<[Found]>`
    select r.customer_id as customer, r.payment_id as payment, r.id, r.status, trim_scale(r.amount)::text as amount, r.amount_minor::text as "amountMinor",
           r.currency, r.provider, r.reference, r.error, p.provider_id as charge, i.number, i.status as "invoiceStatus"
      from subctl.refunds r
      join subctl.payments p on p.customer_id = r.customer_id and p.id = r.payment_id
      left join subctl.invoices i on i.customer_id = p.customer_id and i.id = p.invoice_id
     where r.customer_id = ${customer} and r.id = ${id}`;
  const { number, invoiceStatus, ...refund } = row;
  return { ...refund, replayed: false, invoice: number === null ? null : { number, status: invoiceStatus } };
}

/** The provider's answer about a refund. */
export interface RefundAnswer {
  status: Refund['status'];
  /** the provider's id */
  reference?: string | undefined;
  /** why it failed */
  error?: string | undefined;
}

/**
 * Asks the provider for an intended refund. A payment that was recorded by hand is refunded by hand: no provider is asked. Asking twice
 * refunds once, because the key belongs to the refund. A refusal by the provider is final: the refund has failed, and its amount can be
 * refunded again.
 */
export async function askRefund(gateway: () => Promise<Gateway>, refund: Intention): Promise<RefundAnswer> {
  if (refund.charge === null) return { status: 'refunded' };
  if (refund.status === 'failed') return { status: 'failed', error: refund.error ?? undefined };
  const { customer, invoice, id, amountMinor } = refund;
  try {
    return await (
      await gateway()
    ).refund({
      key: `refund:${id}`,
      reference: refund.charge,
      amountMinor: BigInt(amountMinor),
      metadata: { customer, refund: id, ...(invoice && { invoice: invoice.number }) },
    });
  } catch (error) {
    if (error instanceof Failure && /^(refused|not_found)$/.test(error.kind))
      return { status: 'failed', error: error.message };
    throw error;
  }
}

/** Writes the outcome of a refund and describes it. The invoice stays paid: access depends on the subscription. */
export async function settleRefund(
  tx: Db,
  change: Change,
  { refund, answer }: { refund: Intention; answer: RefundAnswer },
): Promise<InvoiceOutcome> {
  const { customer, invoice, id, payment } = refund;
  const changed = await call(tx, 'subctl_internal.settle_refund', {
    p_customer: customer,
    p_refund: id,
    p_status: answer.status,
    p_provider_id: answer.reference ?? null,
    p_error: answer.error ?? null,
    p_as_of: change.at,
  });
  const [sums] = await tx<[{ paid: string; refunded: string }]>`
    select trim_scale(sum(p.amount))::text as paid,
           trim_scale(coalesce(sum((select sum(r.amount) from subctl.refunds r
                                     where r.customer_id = p.customer_id and r.payment_id = p.id and r.status = 'refunded')), 0))::text as refunded
      from subctl.payments p where p.customer_id = ${customer} and p.id = ${payment}`;
  const status = changed ? answer.status : refund.status;
  if (changed) {
    const after = { refund: refund.reference, amount: refund.amount, currency: refund.currency, status };
    await audit(tx, change, [{ customer, entity: 'refund', key: id, before: null, after }]);
  }
  const what = `${refund.amount} ${refund.currency}${invoice ? ` of invoice ${invoice.number}` : ''}`;
  const words: Record<string, string> = {
    refunded: `${what} ${refund.replayed ? 'was already' : 'was'} refunded to ${customer}: ${sums.refunded} of ${sums.paid} in total`,
    pending: `The refund of ${what} to ${customer} is processing`,
    failed: `Could not refund ${what}${answer.error ? `: ${answer.error}` : ''}; no money has moved`,
  };
  return {
    ...{
      invoice: invoice?.number ?? '',
      customer,
      status: invoice?.status ?? '',
      refund: id,
      reference: refund.reference,
    },
    ...{
      amount: refund.amount,
      currency: refund.currency,
      refund_status: status,
      paid: sums.paid,
      refunded: sums.refunded,
    },
    changed: changed || !refund.replayed,
    sentence: words[status] ?? `${what} will be refunded`,
  };
}
