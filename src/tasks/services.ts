import type { Outbox } from '../notifications/outbox.ts';
import type { Settings } from '../config/settings.ts';
import type { Channel } from '../notifications/notification.ts';
import { readTemplates } from '../notifications/templates.ts';
import type { Gateway } from '../payments/gateway.ts';
import type { StripeAccount } from '../payments/stripe-account.ts';

/** What tasks reach beside the database. Each is opened when it is first asked for, and closed with the rest. */
export interface Services {
  /** The Stripe account of STRIPE_SECRET_KEY. Failure config without one. */
  stripe(): Promise<StripeAccount>;
  /** The payment provider: that account. */
  gateway(): Promise<Gateway>;
  /** The ways for notifications that the settings name; none is no error. Failure config for half a setting. */
  outbox(): Promise<Outbox>;
  close(): Promise<void>;
}

/** The services of the settings. `clock` is the time of the machine, for signatures. */
export function openServices(settings: () => Promise<Settings>, clock: () => Date): Services {
  let outbox: Promise<Outbox> | undefined;
  let account: Promise<StripeAccount> | undefined;
  const stripe = () => (account ??= settings().then(openAccount));
  return {
    stripe,
    async gateway() {
      const { stripeGateway } = await import('../payments/stripe.ts');
      return stripeGateway(await stripe(), { returnUrl: (await settings()).stripe.returnUrl });
    },
    outbox: () => (outbox ??= settings().then((found) => openOutbox(found, clock))),
    async close() {
      const opened = await outbox?.catch(() => undefined);
      await Promise.all(opened?.channels.map((channel) => channel.close()) ?? []);
    },
  };
}

async function openAccount({ stripe }: Settings): Promise<StripeAccount> {
  return (await import('../payments/stripe-account.ts')).openStripe(stripe);
}

async function openOutbox(settings: Settings, clock: () => Date): Promise<Outbox> {
  const notifications = settings.notifications();
  const channels: Channel[] = [];
  if (notifications.mail)
    channels.push((await import('../notifications/email.ts')).openEmail(notifications.mail));
  if (notifications.webhook)
    channels.push(
      (await import('../notifications/webhook.ts')).openWebhook({ ...notifications.webhook, clock }),
    );
  return { channels, templates: readTemplates(notifications.templates), operators: notifications.operators };
}
