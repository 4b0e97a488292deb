import { listStrangers } from '../../stripe-sync/list-strangers.ts';
import type { Context } from '../context.ts';

const most = 20;

/** What is said of customers of Stripe's that are nobody's here, after a look at all of ours: how many, who, and how to take one over. */
export async function noteStrangers(
  context: Context,
  {
    customer,
    limit,
    after,
  }: { customer?: string | undefined; limit?: number | undefined; after?: string | undefined },
): Promise<string[]> {
  if (customer !== undefined || limit !== undefined || after !== undefined) return [];
  const strangers = await listStrangers(
    await context.database(),
    await context.stripe(),
    () => context.signal.aborted,
  );
  if (strangers.length === 0) return [];
  const shown = strangers.slice(0, most).map(({ stripeCustomer, says, name }) => {
    const about = [name, says && `says that it is ${says}`].filter(Boolean).join(', ');
    return `  ${stripeCustomer}${about === '' ? '' : ` (${about})`}`;
  });
  const n = strangers.length;
  return [
    `${n} ${n === 1 ? 'customer' : 'customers'} of Stripe ${n === 1 ? 'belongs' : 'belong'} to no customer here; to link one: subctl stripe adopt CUSTOMER cus_…`,
    ...shown,
    ...(n > most ? [`  and ${n - most} more`] : []),
  ];
}
