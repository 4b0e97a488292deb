import type { Db } from '../database/connect.ts';
import type { StripeAccount } from '../payments/stripe-account.ts';

/** A customer at Stripe that is not linked with a customer here. */
export interface UnlinkedCustomer {
  stripeCustomer: string;
  /** our id, where Stripe's metadata has it */
  says: string | null;
  /** an address or a name, to recognize it */
  name: string | null;
}

/** Lists the customers at Stripe that are not linked with a customer here, page by page, newest first. */
export async function listUnlinkedCustomers(
  db: Db,
  account: StripeAccount,
  shouldStop: () => boolean,
): Promise<UnlinkedCustomer[]> {
  const unlinked: UnlinkedCustomer[] = [];
  let page: UnlinkedCustomer[] = [];
  const sift = async () => {
    const ids = page.map(({ stripeCustomer }) => stripeCustomer);
    const known = await db<{ id: string }[]>`
      select stripe_customer_id as id from subctl.customers where stripe_customer_id = any (${ids}::text[])`;
    const ours = new Set(known.map(({ id }) => id));
    unlinked.push(...page.filter(({ stripeCustomer }) => !ours.has(stripeCustomer)));
    page = [];
  };
  for await (const { id, email, name, metadata } of account.pages((client) =>
    client.customers.list({ limit: 100 }),
  )) {
    page.push({ stripeCustomer: id, says: metadata['subctl_customer'] ?? null, name: email ?? name ?? null });
    if (page.length === 100) await sift();
    if (shouldStop()) break;
  }
  if (page.length > 0) await sift();
  return unlinked;
}
