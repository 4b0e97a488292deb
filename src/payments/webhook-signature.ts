import { createHmac, timingSafeEqual } from 'node:crypto';
import { Failure } from '../domain/failure.ts';

/** The maximum age of a signature, and the maximum error of a clock: Stripe's recommendation. */
const toleranceSeconds = 300;

/** The parsed header Stripe-Signature: the signed time, and the signatures of Stripe's present scheme. */
interface Signature {
  /** as text, because the text was signed */
  time: string;
  signs: string[];
}

/**
 * Checks that one of the secrets signed a body, and that the signed time is recent. Stripe signs the time, a full stop and the body with
 * HMAC-SHA256 (docs.stripe.com/webhooks, "Verify webhook signatures manually").
 * @throws Failure refused
 */
export function checkSignature(
  { body, signature }: { body: Buffer; signature: string },
  secrets: readonly string[],
  now: Date,
): void {
  const { time, signs } = readSignature(signature);
  const expected = secrets.map((secret) =>
    createHmac('sha256', secret).update(`${time}.`).update(body).digest(),
  );
  if (!signs.some((sign) => expected.some((each) => timingSafeEqual(each, Buffer.from(sign, 'hex')))))
    throw new Failure('refused', 'The signature of the webhook does not match its body', {
      hint: 'check that STRIPE_WEBHOOK_SECRET belongs to this endpoint and that no proxy rewrites the body',
    });
  const seconds = Math.floor(now.getTime() / 1000) - parseInt(time, 10);
  if (Math.abs(seconds) <= toleranceSeconds) return;
  throw new Failure(
    'refused',
    `The signature of the webhook is ${seconds} seconds old; ${toleranceSeconds} are allowed`,
    { hint: 'unless someone replayed it, the clock of this machine or of the database is wrong' },
  );
}

/** A header with no time or with several is refused; a signature of another scheme than `v1` is ignored. */
function readSignature(header: string): Signature {
  const parts = header.split(',').map((part) => {
    const at = part.indexOf('=');
    return at < 0 ? ([part, ''] as const) : ([part.slice(0, at), part.slice(at + 1)] as const);
  });
  const times = parts.filter(([name]) => name === 't').map(([, value]) => value);
  if (times.length > 1) throw new Failure('refused', 'The signature of the webhook has more than one time');
  const [time = ''] = times;
  if (!/^\d{1,12}$/.test(time)) throw new Failure('refused', 'The signature of the webhook has no time');
  const signs = parts.filter(([name, value]) => name === 'v1' && /^[0-9a-f]{64}$/.test(value));
  return { time, signs: signs.map(([, value]) => value) };
}
