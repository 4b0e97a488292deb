import { and, eq } from 'drizzle-orm';
import { refuseOthersPayer } from '../customers/claim-payer.ts';
import { call } from '../database/call.ts';
import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { orm, trimmed } from '../database/orm.ts';
import { invoices } from '../database/schema/invoices.ts';
import { inCurrency } from '../domain/currency-digits.ts';
import { Failure } from '../domain/failure.ts';
import type { Charge, Gateway } from '../payments/gateway.ts';
import { fromMinorUnits, toMinorUnits } from '../payments/minor-units.ts';
import { refuseSecondPurchase } from './one-purchase.ts';
import { applyOrder } from './order.ts';

/** One attempt to charge as it is stored: the request to the provider and its progress. */
export interface Attempt {
  payment: string;
  customer: string;
  /** the invoice it pays; null for an assignment that waits for its payment */
  invoice: { id: string; number: string; status: string } | null;
  subscription: string | null;
  status: string;
  /** the idempotency key at the provider */
  key: string;
  /** the provider's id of this attempt, or of an earlier attempt for the same invoice */
  providerId: string | null;
  amountMinor: bigint;
  currency: string;
  description: string;
  at: Date;
  /** the assignment has waited for its payment for a day */
  lapsed: boolean;
  /** it was written by an earlier run: search the provider before asking it */
  resumed: boolean;
  payer: {
    providerId: string | null;
    /** the same, also when it was deleted at the provider */
    link: string | null;
    email: string | null;
    name: string | null;
    since: Date;
  };
}

/**
 * Writes an attempt to charge an open invoice. The caller commits before asking the provider. Returns undefined when the invoice is not to
 * be charged any more. Locks the customer.
 * @throws Failure refused for an amount that the currency cannot be charged in
 */
export async function intendCharge(
  tx: Db,
  change: Change,
  { customer, invoice, provider }: { customer: string; invoice: string; provider: string },
): Promise<Attempt | undefined> {
  const isIt = and(eq(invoices.customerId, customer), eq(invoices.id, invoice), eq(invoices.status, 'open'));
  const [due] = await orm(tx)
    .select({ total: trimmed(invoices.total), currency: invoices.currency })
    .from(invoices)
    .where(isIt);
  if (!due) return undefined;
  const minor = toMinorUnits(due.total, due.currency);
  const payment = await call(tx, 'subctl_internal.start_charge', {
    p_customer: customer,
    p_invoice: invoice,
    p_provider: provider,
    p_amount_minor: minor.toString(),
    p_as_of: change.at,
    p_change: change.id,
  });
  return payment === null ? undefined : findAttempt(tx, { customer, payment, change });
}

/** Finds an attempt that is under way: intended, or sent to the provider. */
export async function findAttempt(
  tx: Db,
  { customer, payment, change }: { customer: string; payment: string; change: Change },
): Promise<Attempt | undefined> {
  const [row] = await tx<
    (Omit<Attempt, 'amountMinor' | 'payer' | 'invoice'> & Record<'minor', string> & Found)[]
  >`
    select p.id as payment, p.customer_id as customer, i.id as invoice, i.number, i.status as "invoiceStatus", i.subscription_id as subscription, p.status,
           p.reference as key, p.provider_id as "providerId", p.amount_minor::text as minor, p.currency, p.at,
           coalesce('Invoice ' || i.number, p.details->>'description', p.reference) as description, p.change_id is distinct from ${change.id} as resumed,
           p.invoice_id is null and p.at <= ${change.at}::timestamptz - interval '24 hours' as lapsed,
           nullif(c.stripe_customer_id, m.deleted_id) as payer, c.stripe_customer_id as link, c.email, c.name, c.created_at as since
      from subctl.payments p
      join subctl.customers c on c.id = p.customer_id
      left join subctl.stripe_mirrors m on m.customer_id = p.customer_id
      left join subctl.invoices i on i.customer_id = p.customer_id and i.id = p.invoice_id
     where p.customer_id = ${customer} and p.id = ${payment} and p.status in ('intended', 'processing', 'requires_action')`;
  if (!row) return undefined;
  const { minor, payer, link, email, name, since, invoice, number, invoiceStatus, ...attempt } = row;
  return {
    ...attempt,
    amountMinor: BigInt(minor),
    invoice: invoice === null ? null : { id: invoice, number: number!, status: invoiceStatus! },
    payer: { providerId: payer, link, email, name, since },
  };
}

interface Found {
  invoice: string | null;
  number: string | null;
  invoiceStatus: string | null;
  payer: string | null;
  link: string | null;
  email: string | null;
  name: string | null;
  since: Date;
}

/** The provider's answer about an attempt, and the provider's id of the customer. */
export interface Answer {
  charge: Charge;
  payer: string;
}

/**
 * Asks the provider. A new attempt is charged, unless something was bought at the provider as well. An attempt that an earlier run
 * intended is first searched by its key, so that it is charged once. An attempt that the provider has is looked up. An attempt for an
 * invoice that is no longer owed is canceled.
 * @throws Failure of the gateway, and conflict when the provider has another amount under this key or its customer is taken
 */
export async function askProvider(db: Db, gateway: Gateway, attempt: Attempt): Promise<Answer> {
  const { key, status, providerId } = attempt;
  const payer = await ensurePayer(db, gateway, attempt);
  const charge = await answerOf(db, gateway, { attempt, payer });
  if (charge.amountMinor !== attempt.amountMinor || charge.currency !== attempt.currency) {
    throw new Failure(
      'conflict',
      `${gateway.provider} has ${charge.amountMinor} ${charge.currency} under ${key}, and ${attempt.amountMinor} ${attempt.currency} were to be charged`,
      { hint: `Look at ${providerId ?? charge.reference} there; status here: ${status}` },
    );
  }
  return { charge, payer };
}

/** Returns the provider's customer and checks that no other customer here has it. */
async function ensurePayer(db: Db, gateway: Gateway, { customer, payer }: Attempt): Promise<string> {
  const claim = (providerId: string) => refuseOthersPayer(db, { customer, providerId });
  const { providerId, link, email, name, since } = payer;
  if (providerId === null)
    return gateway.ensureCustomer(
      {
        ...{ id: customer, providerId: link ?? undefined, since },
        ...{ email: email ?? undefined, name: name ?? undefined },
      },
      claim,
    );
  await claim(providerId);
  return providerId;
}

async function answerOf(
  db: Db,
  gateway: Gateway,
  { attempt, payer }: { attempt: Attempt; payer: string },
): Promise<Charge> {
  const { invoice, status, providerId, key } = attempt;
  const isOwed = invoice === null ? !attempt.lapsed : invoice.status === 'open';
  if (status !== 'intended')
    return isOwed || status === 'processing'
      ? gateway.getCharge(providerId!)
      : gateway.cancelCharge(providerId!);
  if (attempt.resumed) {
    const found = await gateway.findCharge({ customer: payer, key, since: attempt.at });
    if (found) return isOwed ? found : gateway.cancelCharge(found.reference);
  }
  if (!isOwed) return neverAsked(attempt, payer);
  await refuseSecondPurchase(db, {
    customer: attempt.customer,
    bought: await gateway.closePurchases(payer),
  });
  return gateway.charge({
    key,
    customer: payer,
    amountMinor: attempt.amountMinor,
    currency: attempt.currency,
    description: attempt.description,
    reference: providerId ?? undefined,
    metadata: {
      customer: attempt.customer,
      payment: attempt.payment,
      ...(invoice && { invoice: invoice.number }),
      ...(attempt.subscription && { subscription: attempt.subscription }),
    },
  });
}

/** Cancels an attempt that is no longer owed and that the provider has never seen, without asking the provider. */
function neverAsked({ key, amountMinor, currency, at }: Attempt, customer: string): Charge {
  return {
    ...{ reference: '', key, customer, amountMinor, receivedMinor: 0n, refundedMinor: 0n, currency },
    ...{ createdAt: at, metadata: {}, outcome: { status: 'canceled' } },
  };
}

/** Writes the provider's answer once; the subscription follows it (R35). Returns whether something changed. */
export async function settleCharge(
  tx: Db,
  change: Change,
  { attempt, answer }: { attempt: Attempt; answer: Answer },
): Promise<boolean> {
  const { customer, payment, payer } = attempt;
  const { outcome, reference } = answer.charge;
  if (payer.providerId === null)
    await tx`
      update subctl.customers c set stripe_customer_id = ${answer.payer}
       where c.id = ${customer}
         and (c.stripe_customer_id is null
           or exists (select from subctl.stripe_mirrors m where m.customer_id = c.id and m.deleted_id = c.stripe_customer_id))`;
  const error = outcome.status === 'declined' ? `${outcome.code}: ${outcome.message}` : null;
  const isFinal = outcome.status === 'declined' && outcome.decline === 'hard';
  const url = outcome.status === 'requires_action' ? (outcome.url ?? null) : null;
  const changed = await call(tx, 'subctl_internal.settle_charge', {
    p_customer: customer,
    p_payment: payment,
    p_outcome: outcome.status,
    p_provider_id: reference === '' ? null : reference,
    p_error: error,
    p_final: isFinal,
    p_url: url,
    p_at: change.at,
    p_as_of: change.at,
    p_change: change.id,
  });
  if (attempt.invoice === null && changed)
    await followOrder(tx, change, { attempt, outcome: outcome.status, url });
  return changed === true;
}

/** Completes an assignment when its payment has arrived; tells a customer who must act where to do so. */
async function followOrder(
  tx: Db,
  change: Change,
  { attempt, outcome, url }: { attempt: Attempt; outcome: string; url: string | null },
): Promise<void> {
  const { customer, payment, description, currency } = attempt;
  if (outcome === 'paid') await applyOrder(tx, change, { customer, payment });
  if (outcome !== 'requires_action') return;
  const amount = `${inCurrency(fromMinorUnits(attempt.amountMinor, currency), currency)} ${currency}`;
  const notice = { customer, invoice: description, amount, url };
  await call(tx, 'subctl_internal.queue_notice', {
    p_customer: customer,
    p_kind: 'payment_action',
    p_dedupe_key: `payment_action:${payment}`,
    p_payload: notice,
    p_at: change.at,
  });
}
