import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import type { IssuedInvoice } from '../invoices/issue.ts';

/**
 * Redeems a discount code for the plan that a customer takes now: it discounts the invoice that was just issued, and those of the next
 * periods as the code defines. Returns the invoice afterwards.
 * @throws Failure not_found, refused (used up, expired, for other plans, in another currency)
 */
export async function redeemCode(
  tx: Db,
  change: Change,
  { customer, code, invoice }: { customer: string; code: string; invoice?: IssuedInvoice | undefined },
): Promise<IssuedInvoice | undefined> {
  const [row] = await tx<{ id: string }[]>`
    select i.id from subctl.invoices i join subctl.subscriptions s on s.customer_id = i.customer_id and s.id = i.subscription_id and s.ended_at is null
     where i.customer_id = ${customer} and i.change_id = ${change.id} order by i.number desc limit 1`;
  const id = invoice?.id ?? row?.id ?? null;
  await tx`
    select subctl_internal.redeem_discount(s.customer_id, s.id, ${id}::uuid, ${code}, ${change.at}::timestamptz, ${change.id})
      from subctl.subscriptions s where s.customer_id = ${customer} and s.ended_at is null`;
  if (id === null) return undefined;
  const [lowered] = await tx<[IssuedInvoice]>`
    select id, number, trim_scale(total)::text as total, currency, status, due_at as "dueAt" from subctl.invoices where customer_id = ${customer} and id = ${id}`;
  return lowered;
}

/** Refuses a code without an immediate charge, where it would be lost. */
export function refuseCode(code: string | undefined): void {
  if (code === undefined) return;
  throw new Failure('usage', `Code ${code} applies to an immediate charge, and there is none`, {
    hint: 'Use it with a plan that starts now: --when now',
  });
}
