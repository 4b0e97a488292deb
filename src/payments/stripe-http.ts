import { setTimeout as sleep } from 'node:timers/promises';
import Stripe from 'stripe';
import { whileChanging } from './under-way.ts';

export interface Limits {
  /** requests that begin within any second, repeats included */
  perSecond: number;
  /** requests under way at once */
  inFlight: number;
}

type HttpClient = ReturnType<typeof Stripe.createNodeHttpClient>;
type Response = Awaited<ReturnType<HttpClient['makeRequest']>>;

/** How often a request that came too soon (429) is sent again; Stripe has not done anything for it. */
const busyTries = 6;

/**
 * An HTTP client that keeps to Stripe's rate on its own side, and waits and tries again where Stripe says that it was too much
 * (429), which the package leaves to us. All requests of the account share it.
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

/** As long as Stripe says, else longer each time and never the same for two of us: a quarter of a second, half, one, two, four. */
function pauseMs(response: Response, attempt: number): number {
  const asked = /^\d{1,3}$/.exec(String(response.getHeaders()['retry-after'] ?? ''))?.[0];
  if (asked !== undefined) return Math.min(Number(asked), 60) * 1000;
  return 250 * 2 ** (attempt - 1) * (0.75 + Math.random() / 2);
}

/** Lets `places` through at once; who comes later waits for one who gives its place back. First come, first served. */
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
