import { listUnlinkedCustomers } from '../../stripe-sync/list-unlinked-customers.ts';
import type { Context } from '../context.ts';

const most = 20;

/** Notes about Stripe customers without a customer here: the count, the first ones, and the command to link one. Only for a full comparison. */
export async function noteUnlinkedCustomers(
  context: Context,
  {
    customer,
    limit,
    after,
  }: { customer?: string | undefined; limit?: number | undefined; after?: string | undefined },
): Promise<string[]> {
  if (customer !== undefined || limit !== undefined || after !== undefined) return [];
  const unlinked = await listUnlinkedCustomers(
    await context.database(),
    await context.stripe(),
    () => context.signal.aborted,
  );
  if (unlinked.length === 0) return [];
  const shown = unlinked.slice(0, most).map(({ stripeCustomer, says, name }) => {
    const about = [name, says && `claims to be ${says}`].filter(Boolean).join(', ');
    return `  ${stripeCustomer}${about === '' ? '' : ` (${about})`}`;
  });
  const n = unlinked.length;
  return [
    `${n} Stripe ${n === 1 ? 'customer is' : 'customers are'} not linked to a customer here. To link one: subctl stripe adopt CUSTOMER cus_…`,
    ...shown,
    ...(n > most ? [`  and ${n - most} more`] : []),
  ];
}
