import type { Db } from '../database/connect.ts';
import type { StripeAccount } from '../payments/stripe-account.ts';

/** A customer of Stripe's that is nobody's here. */
export interface UnlinkedCustomer {
  stripeCustomer: string;
  /** our id, where Stripe's customer says it */
  says: string | null;
  /** an address or a name, to know it by */
  name: string | null;
}

/** The customers of Stripe's that no customer here is linked with, page by page, the newest first. */
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
