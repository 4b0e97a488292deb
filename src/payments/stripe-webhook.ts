import Stripe from 'stripe';
import { Failure } from '../domain/failure.ts';

/** A webhook as it came: the very bytes, and the header Stripe-Signature. */
export interface Delivery {
  body: Buffer;
  signature: string | undefined;
}

export interface WebhookRules {
  /** any of them may have signed it */
  secrets: readonly string[];
  /** the account's key moves real money: events of the test mode are refused */
  live: boolean;
  now: Date;
}

/** A body of more bytes is refused unread. */
export const webhookLimit = 256 * 1024;
/** How old a signature may be, and how far ahead a clock may be: what Stripe proposes. */
const toleranceSeconds = 300;
/** No object of Stripe's is nested so deep. */
const deepest = 64;

/**
 * The event in a webhook, after its signature over the raw body was checked with each secret (N6).
 * @throws Failure config without a secret, refused for a wrong or old signature, an event of the test mode where money is real, and one
 * of another account, usage for what is too large, too deep, or no event
 */
export function readWebhook(
  { body, signature }: Delivery,
  { secrets, live, now }: WebhookRules,
): Stripe.Event {
  if (secrets.length === 0) {
    throw new Failure('config', 'There is no secret to check webhooks of Stripe with', {
      hint: 'set STRIPE_WEBHOOK_SECRET or STRIPE_WEBHOOK_SECRET_FILE to the signing secret of the endpoint, whsec_…',
    });
  }
  if (body.length > webhookLimit)
    throw new Failure('usage', `The webhook has ${body.length} bytes, which is more than ${webhookLimit}`);
  if (!signature)
    throw new Failure('refused', 'The webhook has no signature', { hint: 'see the header Stripe-Signature' });
  checkSignature({ body, signature }, secrets, now);
  return checkEvent(parse(body), live);
}

function checkSignature(
  { body, signature }: { body: Buffer; signature: string },
  secrets: readonly string[],
  now: Date,
): void {
  const at = parseInt(/(?:^|,)t=(\d{1,12})(?:,|$)/.exec(signature)?.[1] ?? '', 10) * 1000;
  if (Number.isNaN(at)) throw new Failure('refused', 'The signature of the webhook has no time');
  const isKnown = secrets.some((secret) => {
    try {
      return Stripe.webhooks.signature!.verifyHeader(body, signature, secret, 0);
    } catch (error) {
      if (error instanceof Stripe.errors.StripeSignatureVerificationError) return false;
      throw error;
    }
  });
  if (!isKnown) {
    throw new Failure('refused', 'The signature of the webhook is not that of its body', {
      hint: 'is STRIPE_WEBHOOK_SECRET that of this endpoint? Did something rewrite the body on its way?',
    });
  }
  const age = now.getTime() - at;
  if (Math.abs(age) > toleranceSeconds * 1000) {
    const seconds = (age / 1000).toFixed(0);
    throw new Failure(
      'refused',
      `The signature of the webhook is ${seconds} seconds old; ${toleranceSeconds} are allowed`,
      {
        hint: 'if it was not sent again by somebody, the clock of this machine or of the database is wrong',
      },
    );
  }
}

function parse(body: Buffer): unknown {
  let found: unknown;
  try {
    found = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown;
  } catch (cause) {
    throw new Failure('usage', 'The webhook is no JSON', { cause });
  }
  checkDepth(found);
  return found;
}

/** Without recursion: what is nested too deep would break whatever walks it. */
function checkDepth(root: unknown): void {
  let level = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest) throw new Failure('usage', `The webhook is nested deeper than ${deepest} levels`);
    level = level.flatMap((value) =>
      value !== null && typeof value === 'object' ? (Object.values(value) as unknown[]) : [],
    );
  }
}

function checkEvent(found: unknown, live: boolean): Stripe.Event {
  const event = found as Partial<Stripe.Event> | null;
  const isEvent =
    event !== null &&
    typeof event === 'object' &&
    event.object === 'event' &&
    /^evt_\w{1,200}$/.test(String(event.id)) &&
    typeof event.type === 'string' &&
    Number.isSafeInteger(event.created) &&
    typeof event.data?.object === 'object';
  if (!isEvent) throw new Failure('usage', 'The webhook is no event of Stripe');
  if (event.account !== undefined)
    throw new Failure('refused', `Event ${event.id} is of another account, ${event.account}`, {
      hint: 'let the endpoint listen to your own account only',
    });
  if (event.livemode !== live)
    throw new Failure(
      'refused',
      `Event ${event.id} is of ${event.livemode ? 'the live' : 'the test'} mode, and the key is of ${live ? 'the live' : 'the test'} mode`,
      {
        hint: 'the endpoint and STRIPE_SECRET_KEY must be of one mode',
      },
    );
  return event as Stripe.Event;
}
