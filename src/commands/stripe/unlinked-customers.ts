import { listUnlinkedCustomers } from '../../stripe-sync/list-unlinked-customers.ts';
import type { Context } from '../context.ts';

const most = 20;

/** What is said of customers of Stripe's that are nobody's here, after a look at all of ours: how many, who, and how to take one over. */
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
    const about = [name, says && `says that it is ${says}`].filter(Boolean).join(', ');
    return `  ${stripeCustomer}${about === '' ? '' : ` (${about})`}`;
  });
  const n = unlinked.length;
  return [
    `${n} ${n === 1 ? 'customer' : 'customers'} of Stripe ${n === 1 ? 'belongs' : 'belong'} to no customer here; to link one: subctl stripe adopt CUSTOMER cus_…`,
    ...shown,
    ...(n > most ? [`  and ${n - most} more`] : []),
  ];
}
