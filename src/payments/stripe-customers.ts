import { createHash } from 'node:crypto';
import type Stripe from 'stripe';
import { Failure } from '../domain/failure.ts';
import type { ClaimCustomer, PayingCustomer } from './gateway.ts';
import type { StripeAccount } from './stripe-account.ts';
import { secondsBefore } from './stripe-values.ts';

/**
 * Returns the id of a customer's customer at Stripe: the known one, else the one whose metadata is exactly our id, else a new one. One
 * that was deleted at Stripe is created again. `claim` may refuse a found one before anything is changed there.
 */
export async function ensureStripeCustomer(
  account: StripeAccount,
  customer: PayingCustomer,
  claim: ClaimCustomer,
): Promise<string> {
  const { id, email, providerId } = customer;
  const name = cut(customer.name);
  const found = await findStripeCustomer(account, customer);
  if (!found) {
    const params = { metadata: { subctl_customer: id }, ...(email && { email }), ...(name && { name }) };
    // concurrent calls create it once; another address is another request
    const idempotencyKey = `subctl:customer:${hashOf(id, providerId, email, name)}`;
    return (await account.ask((client) => client.customers.create(params, { idempotencyKey }))).id;
  }
  await claim(found.id);
  const changed = {
    ...(email && email !== found.email && { email }),
    ...(name && name !== found.name && { name }),
    ...(found.metadata['subctl_customer'] !== id && { metadata: { subctl_customer: id } }),
  };
  if (Object.keys(changed).length > 0)
    await account.ask((client) => client.customers.update(found.id, changed));
  return found.id;
}

/** @throws Failure conflict for a known one whose metadata names another customer */
async function findStripeCustomer(
  account: StripeAccount,
  { id, providerId, since }: PayingCustomer,
): Promise<Stripe.Customer | undefined> {
  if (providerId === undefined) return findByMetadata(account, id, since);
  const known = await account.ask((client) => client.customers.retrieve(providerId));
  if (known.deleted) return undefined;
  const says = known.metadata['subctl_customer'];
  if (says === undefined || says === id) return known;
  throw new Failure('conflict', `Stripe customer ${providerId} has the metadata of ${says}, not of ${id}`, {
    hint: `link ${id} to its own: subctl stripe adopt ${id} cus_… --replace`,
  });
}

/**
 * Finds Stripe's customer by our id. Stripe's search ignores case, lags by a minute or more, and is not available for every account, so
 * its results are compared. Where it finds nothing, the newest customers are read; where there is no search, all customers since ours was
 * created.
 */
async function findByMetadata(
  account: StripeAccount,
  id: string,
  since: Date | undefined,
): Promise<Stripe.Customer | undefined> {
  const query = `metadata['subctl_customer']:'${id.replace(/[\\']/g, '\\$&')}'`;
  const isOurs = ({ metadata }: Stripe.Customer) => metadata['subctl_customer'] === id;
  const hits = await searchAll(account, query);
  const found = hits?.filter(isOurs).sort((a, b) => a.created - b.created)[0];
  if (found) return found;
  if (hits) {
    const { data } = await account.ask((client) => client.customers.list({ limit: 100 }));
    return data.find(isOurs);
  }
  const created = since && { created: { gte: secondsBefore(since) } };
  const list = (client: Stripe) => client.customers.list({ ...created, limit: 100 });
  for await (const each of account.pages(list)) if (isOurs(each)) return each;
  return undefined;
}

/** All results of a search; undefined where the account has no search. */
async function searchAll(account: StripeAccount, query: string): Promise<Stripe.Customer[] | undefined> {
  try {
    const hits: Stripe.Customer[] = [];
    const search = (client: Stripe) => client.customers.search({ query, limit: 100 });
    for await (const each of account.pages(search)) hits.push(each);
    return hits;
  } catch (error) {
    // a restricted key without permission to search may get the same answer
    if (error instanceof Failure && /^(refused|not_found|config)$/.test(error.kind)) return undefined;
    throw error;
  }
}

/** Stripe accepts names of at most 150 characters; a longer one is cut and ends in … there. */
export const longestName = 150;

function cut(name: string | undefined): string | undefined {
  const signs = [...(name ?? '')];
  return signs.length <= longestName ? name : `${signs.slice(0, longestName - 1).join('')}…`;
}

const hashOf = (...parts: (string | undefined)[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
