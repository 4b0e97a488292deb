import type Stripe from 'stripe';
import { Failure } from '../domain/failure.ts';
import { instantOf } from './stripe-values.ts';
import { checkSignature } from './webhook-signature.ts';

/** A webhook as it was received: the exact bytes, and the header Stripe-Signature. */
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

/** A larger body is refused unread. */
export const webhookLimit = 256 * 1024;
/** No object of Stripe is nested deeper. */
const deepest = 64;

/**
 * Reads the event of a webhook, after checking the signature over the raw body with each secret.
 * @throws Failure config without a secret; refused for a wrong or old signature, an event of the test mode where money is real, and an
 * event of another account; usage for a body that is too large, too deep, or not an event
 */
export function readWebhook(
  { body, signature }: Delivery,
  { secrets, live, now }: WebhookRules,
): WebhookEvent {
  if (secrets.length === 0) {
    throw new Failure('config', 'There is no signing secret for Stripe webhooks', {
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

function parse(body: Buffer): unknown {
  let found: unknown;
  try {
    found = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown;
  } catch (cause) {
    throw new Failure('usage', 'The webhook is not JSON', { cause });
  }
  checkDepth(found);
  return found;
}

/** Without recursion: deep nesting would break any recursive reader. */
function checkDepth(root: unknown): void {
  let level = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest) throw new Failure('usage', `The webhook is nested deeper than ${deepest} levels`);
    level = level.flatMap((value) =>
      value !== null && typeof value === 'object' ? (Object.values(value) as unknown[]) : [],
    );
  }
}

/** An event that only names what happened; the rest is fetched with `v2.core.events.retrieve`. */
export type ThinEvent = Stripe.V2.Core.EventNotification;
export type WebhookEvent = Stripe.Event | ThinEvent;

/** The instant at which an event was created. */
export const createdOf = ({ created }: Pick<WebhookEvent, 'created'>): Date =>
  typeof created === 'number' ? instantOf(created) : new Date(created);

function checkEvent(found: unknown, live: boolean): WebhookEvent {
  const event = found as Partial<Record<string, unknown>> | null;
  if (!isEvent(event)) throw new Failure('usage', 'The webhook is not a Stripe event');
  const { id, livemode } = event;
  const account = event['account'] ?? event['context'];
  if (account !== undefined && account !== null)
    throw new Failure('refused', `Event ${id} belongs to another account, ${named(account)}`, {
      hint: 'set the endpoint to listen to your own account only',
    });
  if (livemode !== live)
    throw new Failure(
      'refused',
      `Event ${id} belongs to ${livemode ? 'live' : 'test'} mode, and the key to ${live ? 'live' : 'test'} mode`,
      {
        hint: 'use the endpoint and STRIPE_SECRET_KEY of the same mode',
      },
    );
  return event as unknown as WebhookEvent;
}

type Found = Partial<Record<string, unknown>> & { id: string; livemode: boolean };

/** Each field already has its type: no value is converted to text for a check. */
function isEvent(event: Partial<Record<string, unknown>> | null): event is Found {
  if (event === null || typeof event !== 'object') return false;
  const { id, type, livemode, object } = event;
  return (
    typeof id === 'string' &&
    /^evt_\w{1,200}$/.test(id) &&
    typeof type === 'string' &&
    /^[\w.]{1,200}$/.test(type) &&
    typeof livemode === 'boolean' &&
    ((object === 'event' && isSnapshot(event)) || (object === 'v2.core.event' && isDated(event['created'])))
  );
}

function isSnapshot({ created, data }: Partial<Record<string, unknown>>): boolean {
  const object = (data as { object?: unknown } | null | undefined)?.object;
  return Number.isInteger(created) && isDated(created) && typeof object === 'object' && object !== null;
}

/** Reads a time between 1970 and 9999, in seconds or as text. */
function isDated(created: unknown): boolean {
  if (typeof created === 'string') return created.length <= 40 && !Number.isNaN(Date.parse(created));
  return typeof created === 'number' && created >= 0 && created < 253_402_300_800;
}

const named = (account: unknown): string =>
  typeof account === 'string' ? account.slice(0, 60) : typeof account;
