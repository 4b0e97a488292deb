import { and, eq, inArray, isNull } from 'drizzle-orm';
import { call, callRows } from '../database/call.ts';
import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { refusalOf } from '../database/refusals.ts';
import { inSavepoint } from '../database/savepoint.ts';
import { uuid7 } from '../database/uuid7.ts';
import { orm } from '../database/orm.ts';
import { payments } from '../database/schema/invoices.ts';
import { Failure } from '../domain/failure.ts';
import { toMinorUnits } from '../payments/minor-units.ts';
import { assignPlan } from '../subscriptions/assign.ts';
import type { Assignment } from '../subscriptions/assignment.ts';
import type { Assigned } from '../subscriptions/assigned.ts';

/** The outcome of an assignment: expected, or final where no payment comes first. */
export interface Order {
  assigned: Assigned;
  /** the payment that it waits for */
  payment: string | undefined;
}

/**
 * Assigns a plan. Where money is charged for it now, writes an order to be paid first and changes nothing until then (R33). The outcome is
 * found by making the assignment and rolling it back. One payment at a time: while one is under way the customer takes no other plan.
 * @throws Failure as assignPlan, and refused while a payment is under way
 */
export async function placeOrder(
  tx: Db,
  change: Change,
  { asked, provider }: { asked: Assignment; provider: string },
): Promise<Order> {
  await refuseWhilePaying(tx, asked.customer);
  const quoted = await planned(tx, (inner) => assignPlan(inner, change, asked));
  const invoice = quoted['invoice'] as { total: string; currency: string; status: string } | null;
  if (quoted['collection'] !== 'charge' || invoice?.status !== 'open')
    return { assigned: await assignPlan(tx, change, asked), payment: undefined };
  const { total, currency } = invoice;
  const payment = uuid7(change.at);
  const details = { order: asked, description: `${quoted.plan}, ${quoted['every'] as string}` };
  await orm(tx)
    .insert(payments)
    .values({
      ...{ customerId: asked.customer, id: payment, provider, reference: `order:${change.id}` },
      ...{ status: 'intended', amount: total, currency, details },
      amountMinor: toMinorUnits(total, currency).toString(),
      ...{ at: change.at, askAt: change.at, changeId: change.id },
    });
  return { assigned: quoted, payment };
}

/** Checks that no payment for a plan is under way, by whichever command or API. @throws Failure refused while one is */
export async function refuseWhilePaying(tx: Db, customer: string): Promise<void> {
  const isOpen = inArray(payments.status, ['intended', 'processing', 'requires_action']);
  const [open] = await orm(tx)
    .select({ status: payments.status })
    .from(payments)
    .where(and(eq(payments.customerId, customer), isNull(payments.invoiceId), isOpen))
    .limit(1);
  if (!open) return;
  throw new Failure(
    'refused',
    `A payment of ${customer} for another plan is under way (${open.status.replace('_', ' ')})`,
    {
      hint: `Wait for it, or check it now: subctl handle-renewals --customer ${customer}`,
    },
  );
}

async function planned<T>(tx: Db, work: (tx: Db) => Promise<T>): Promise<T> {
  const held: { value?: T } = {};
  const over = new Error('the dry run is over');
  await inSavepoint(tx, async (inner) => {
    held.value = await work(inner);
    throw over;
  }).catch((error: unknown) => {
    if (error !== over) throw error;
  });
  return held.value as T;
}

/**
 * Makes the assignment whose payment has arrived, now, and pays its invoice with it. Where the subscription changed meanwhile and the
 * assignment is impossible or costs something else, the money must be refunded and nothing else changes.
 */
export async function applyOrder(
  tx: Db,
  change: Change,
  { customer, payment }: { customer: string; payment: string },
): Promise<void> {
  const [order] = await tx<[{ asked: Assignment & { endsAt?: string }; amount: string; currency: string }]>`
    select details->'order' as asked, trim_scale(amount)::text as amount, currency from subctl.payments where customer_id = ${customer} and id = ${payment}`;
  const asked = { ...order.asked, endsAt: order.asked.endsAt ? new Date(order.asked.endsAt) : undefined };
  const why = await inSavepoint(tx, async (inner) => {
    const done = await assignPlan(inner, change, asked);
    const invoice = done['invoice'] as { number: string; total: string; currency: string } | null;
    if (invoice?.total !== order.amount || invoice.currency !== order.currency)
      throw new Failure(
        'conflict',
        `The price is ${invoice?.total ?? 'zero'} now, and ${order.amount} was paid`,
      );
    const [row] = await inner<[{ id: string }]>`
      update subctl.payments p set invoice_id = i.id from subctl.invoices i
       where p.customer_id = ${customer} and p.id = ${payment} and i.customer_id = ${customer} and i.number = ${invoice.number} returning i.id`;
    await call(inner, 'subctl_internal.settle_invoice', {
      p_customer: customer,
      p_invoice: row.id,
      p_at: change.at,
      p_as_of: change.at,
      p_change: change.id,
    });
    return undefined;
  }).catch((error: unknown) => {
    const refusal = refusalOf(error);
    if (!refusal) throw error;
    return refusal.message;
  });
  if (why === undefined) return;
  await callRows(tx, 'subctl_internal.start_refund', {
    p_customer: customer,
    p_payment: payment,
    p_reference: `order:${payment}/refund`,
    p_amount: null,
    p_reason: why,
    p_as_of: change.at,
    p_change: change.id,
  });
  await orm(tx)
    .update(payments)
    .set({ error: why })
    .where(and(eq(payments.customerId, customer), eq(payments.id, payment)));
}

/** Returns the outcome of a paid assignment: the quoted one with its present period, invoice and status. */
export async function readOrder(
  db: Db,
  { assigned, payment }: { assigned: Assigned; payment: string },
): Promise<Assigned> {
  const [now] = await db<[Record<string, unknown> & { invoice_status: string; number: string }]>`
    select s.status, s.current_period_start as period_start, s.current_period_end as period_end, s.id as subscription, i.number, i.status as invoice_status
      from subctl.payments p
      join subctl.invoices i on i.customer_id = p.customer_id and i.id = p.invoice_id
      join subctl.subscriptions s on s.customer_id = i.customer_id and s.id = i.subscription_id
     where p.customer_id = ${assigned.customer} and p.id = ${payment}`;
  const { invoice_status: status, number, ...head } = now;
  const invoice = { ...(assigned['invoice'] as object), number, status };
  return { ...assigned, ...head, effective_at: assigned['effective_at'], invoice };
}
