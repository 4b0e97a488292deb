import { setTimeout as sleep } from 'node:timers/promises';
import Stripe from 'stripe';
import { whileChanging } from './under-way.ts';

export interface Limits {
  /** requests that start within any second, repeats included */
  perSecond: number;
  /** concurrent requests */
  inFlight: number;
}

type HttpClient = ReturnType<typeof Stripe.createNodeHttpClient>;
type Response = Awaited<ReturnType<HttpClient['makeRequest']>>;

/** How often a request is repeated after status 429; Stripe has not carried it out. */
const busyTries = 6;

/**
 * Returns an HTTP client that stays within Stripe's rate limit, and waits and retries after status 429, which the package does not do. All
 * requests of the account share it.
 */
export function limitedClient({ perSecond, inFlight }: Limits): HttpClient {
  const client = Stripe.createNodeHttpClient();
  const rate = gate(perSecond);
  const flight = gate(inFlight);
  const once = async (args: Parameters<HttpClient['makeRequest']>): Promise<Response> => {
    const land = await flight();
    try {
      const free = await rate();
      setTimeout(free, 1000).unref();
      return await client.makeRequest(...args);
    } finally {
      land();
    }
  };
  return {
    getClientName: () => client.getClientName(),
    async makeRequest(...args) {
      const isChange = args[3] !== 'GET';
      return isChange ? whileChanging(() => patiently(args)) : patiently(args);
    },
  } as HttpClient;

  async function patiently(args: Parameters<HttpClient['makeRequest']>): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      const response = await once(args);
      if (response.getStatusCode() !== 429 || attempt === busyTries) return response;
      response.dispose?.();
      await sleep(pauseMs(response, attempt));
    }
  }
}

/** The pause: Stripe's own, else a quarter of a second, half, one, two, four, each with a random part. */
function pauseMs(response: Response, attempt: number): number {
  const asked = /^\d{1,3}$/.exec(String(response.getHeaders()['retry-after'] ?? ''))?.[0];
  if (asked !== undefined) return Math.min(Number(asked), 60) * 1000;
  return 250 * 2 ** (attempt - 1) * (0.75 + Math.random() / 2);
}

/** A semaphore of `places`: who comes later waits for a free place. First come, first served. */
function gate(places: number): () => Promise<() => void> {
  const waiting: (() => void)[] = [];
  let free = places;
  const leave = () => {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  };
  return async () => {
    if (free > 0) free -= 1;
    else await new Promise<void>((enter) => waiting.push(enter));
    let left = false;
    return () => {
      if (!left) leave();
      left = true;
    };
  };
}
