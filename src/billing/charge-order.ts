import { and, eq } from 'drizzle-orm';
import type { Change } from '../database/change.ts';
import { Failure } from '../domain/failure.ts';
import type { Connection } from '../database/connect.ts';
import { inTransaction } from '../database/transaction.ts';
import { orm } from '../database/orm.ts';
import { refunds } from '../database/schema/invoices.ts';
import type { ChargeOutcome, Gateway } from '../payments/gateway.ts';
import { askProvider, findAttempt, settleCharge } from './charge.ts';
import { askRefund, getRefund, settleRefund } from './refund.ts';
import { refuseCharge } from './refuse-charge.ts';

export interface OrderPayment {
  customer: string;
  payment: string;
  /** the change under which the order was written */
  change: Change;
  gateway: Gateway;
  /** the business's current time, once the provider has answered */
  later: () => Promise<Date>;
}

/**
 * Charges a committed order and carries it out when it is paid. `givenBack` is the reason why it could no longer be carried out; the money
 * was refunded then. An order that breaks off is resumed by handle-renewals.
 */
export async function chargeOrder(
  connection: Connection,
  { customer, payment, change, gateway, later }: OrderPayment,
): Promise<{ outcome: ChargeOutcome; givenBack: string | undefined }> {
  const attempt = (await findAttempt(connection, { customer, payment, change }))!;
  const answer = await askProvider(connection, gateway, attempt).catch(async (error: unknown) => {
    const now = { ...change, at: await later() };
    await inTransaction(connection, (tx) => refuseCharge(tx, now, { attempt, error }));
    throw error;
  });
  const now = { ...change, at: await later() };
  await inTransaction(connection, (tx) => settleCharge(tx, now, { attempt, answer }));
  const { outcome } = answer.charge;
  const isOfPayment = and(eq(refunds.customerId, customer), eq(refunds.paymentId, payment));
  const [back] = await orm(connection)
    .select({ id: refunds.id, reason: refunds.reason })
    .from(refunds)
    .where(and(isOfPayment, eq(refunds.status, 'intended')));
  if (!back) return { outcome, givenBack: undefined };
  const refund = await getRefund(connection, { customer, id: back.id });
  const given = await askRefund(() => Promise.resolve(gateway), refund);
  await inTransaction(connection, (tx) => settleRefund(tx, now, { refund, answer: given }));
  if (given.status === 'failed')
    throw new Failure('refused', `${back.reason}, and the refund failed: ${given.error ?? ''}`, {
      hint: `subctl payments list --customer ${customer}`,
    });
  return { outcome, givenBack: back.reason! };
}
