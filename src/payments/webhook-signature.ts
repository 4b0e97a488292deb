import { createHmac, timingSafeEqual } from 'node:crypto';
import { Failure } from '../domain/failure.ts';

/** How old a signature may be, and how far ahead a clock may be: what Stripe proposes. */
const toleranceSeconds = 300;

/** The header Stripe-Signature, read once: the time that was signed, and the signatures of Stripe's present scheme. */
interface Signature {
  /** as it stands in the header, for that is what was signed */
  time: string;
  signs: string[];
}

/**
 * Checks that one of the secrets signed a body, and that the time which it signed with it is not long ago: Stripe signs the time, a full stop and
 * the body with HMAC-SHA256 (docs.stripe.com/webhooks, "Verify webhook signatures manually").
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
    throw new Failure('refused', 'The signature of the webhook is not that of its body', {
      hint: 'is STRIPE_WEBHOOK_SECRET that of this endpoint? Did something rewrite the body on its way?',
    });
  const seconds = Math.floor(now.getTime() / 1000) - parseInt(time, 10);
  if (Math.abs(seconds) <= toleranceSeconds) return;
  throw new Failure(
    'refused',
    `The signature of the webhook is ${seconds} seconds old; ${toleranceSeconds} are allowed`,
    { hint: 'if it was not sent again by somebody, the clock of this machine or of the database is wrong' },
  );
}

/** A header with no time or more than one is refused; what is no signature of the scheme `v1` is none. */
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
