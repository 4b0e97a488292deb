import type { Entitlements } from '../subscriptions/entitlements.ts';
import type { Preflight } from '../usage/preflight.ts';
import type { Released, Reserved } from '../usage/reserve.ts';
import type { CurrentUsage } from '../usage/show.ts';
import type { FetchOptions } from './calls/metered-fetch.ts';
import type { FetchMeter, NodeMiddleware, NodeRequest, NodeResponse } from './middleware.ts';
import type { RouteOptions } from './route.ts';
import type { Use } from './use.ts';
import type {
  Call,
  KeyCall,
  ProviderKey,
  Hold,
  Recorded,
  Checked,
  HasFeature,
  Held,
  Settled,
  Plans,
} from './answers.ts';

/**
 * What an application asks of subctl. Each call is one question to the database, decided there by the functions that SQL and the program
 * call too; a refusal is an answer with `allowed: false`. What cannot be answered is a Failure: `unavailable` when the database is away,
 * `usage`, `not_found` or `conflict` when the question is wrong.
 */
export interface Client {
  /** Records the use if limits and credits allow it. With `batch` it waits some milliseconds for others to go with. */
  record(use: Use, call?: Call): Promise<Recorded>;
  /** Whether the use would be allowed; writes nothing. */
  check(use: Use, call?: Call): Promise<Checked>;
  /** Holds a use while a call runs; then `settle` or `release` what it gives. */
  hold(use: Hold): Promise<Held>;
  /**
   * A fetch that meters what is called with it: the provider and model are seen in the request, an estimate is held before, the true usage is
   * read from the answer, streams too, and settled in the background. Give it to a provider's own client: `new OpenAI({ fetch })`.
   */
  fetch(customer: string, options?: FetchOptions): typeof fetch;
  /** A middleware `(request, response, next)` for Node, Express and Connect, which meters a route. */
  middleware<Request extends NodeRequest>(
    options: RouteOptions<Request, NodeResponse>,
  ): NodeMiddleware<Request>;
  /** The same for handlers of the Fetch API: `meter(request, () => response)`. */
  meter(options: RouteOptions<Request, Response>): FetchMeter;
  /** Holds a use, to be settled or released by whoever has its id, another process too. */
  reserve(use: Hold, call?: Call): Promise<Reserved & Checked>;
  /** Records what was reserved, at its true amounts, once. */
  settle(done: Settled, call?: Call): Promise<Reserved>;
  /** Lets go of what was reserved: the call was not made. */
  release(held: { customer: string; reservation: string }, call?: Call): Promise<Released>;
  /** Whether a list of uses fits as a whole, all or nothing; with `holdSeconds` all of them are held. */
  preflight(plans: Plans, call?: Call): Promise<Preflight>;
  /** What the customer has used of every limit, and its credits. */
  usage(customer: string, call?: Call): Promise<CurrentUsage>;
  /** The customer's plan, status, period and features. */
  plan(customer: string, call?: Call): Promise<Entitlements>;
  /** Whether the customer has the feature, and how much of it. Failure not_found for one that no plan has: a slip of the key is no `no`. */
  feature(customer: string, feature: string, call?: Call): Promise<HasFeature>;
  /** The same, in short: `feature().allowed`. */
  has(customer: string, feature: string, call?: Call): Promise<boolean>;
  /**
   * The API key of a provider, by its name or the provider, for an application whose token has the scope `keys`; the audit notes each time.
   * The master key is that of `masterKey`, else of the environment. Keep it for some minutes at most, and never in a file or a log.
   * Failure refused for the token or an expired key, not_found, config without a master key, conflict for a wrong one.
   */
  key(name: string, who: KeyCall): Promise<ProviderKey>;
  /** Waits until everything that was recorded, here or in the background, has its verdict. */
  flush(): Promise<void>;
  /** Finishes what is under way, tries to record what is kept, and ends the connections; those of the application's stay. */
  close(): Promise<void>;
}

/** The answer where nobody can know, and the policy allows that. */
export function uncheckedAnswer(customer: string, kind: string, at: Date): Checked {
  return {
    ...{ allowed: true, reason: null, customer, kind, at: at.toISOString(), event_id: null, replayed: false },
    ...{ cost: null, limits: [], credits: null, alerts: [], unchecked: true },
  };
}
