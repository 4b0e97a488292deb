/** A kind of notification. `essential` kinds cannot be muted: they are about money that is owed. */
export interface NotificationKind {
  about: string;
  essential: boolean;
  subject: string;
  /** paragraphs; {{name}} stands for a field */
  text: readonly string[];
  /** the fields, with example values for a preview */
  fields: Readonly<Record<string, string>>;
}

const who = { customer: 'ada', plan: 'pro' };

/** ALL kinds of notifications, with their default texts. */
export const notificationKinds = {
  limit: {
    about: 'usage reached a threshold of a limit',
    essential: false,
    subject: '{{percent}} % of {{meter}} used',
    text: [
      '{{customer}} has used {{used}} of {{limit}} {{meter}} per {{window}}.',
      'The limit resets {{resets}}.',
      '{{suggestion}}',
    ],
    fields: {
      ...who,
      member: '',
      meter: 'messages',
      window: 'month',
      threshold: '80',
      percent: '80',
      used: '400',
      limit: '500',
      resets: 'on 2026-03-01 00:00 UTC',
      suggestion: 'Plan business, 99 USD for a month, would cover it.',
    },
  },
  credits: {
    about: 'the credits of a period are running low',
    essential: false,
    subject: '{{percent}} % of credits used',
    text: [
      '{{customer}} has used {{used}} of {{limit}} credits of plan {{plan}}. {{left}} are left.',
      'Credits renew {{resets}}.',
      '{{suggestion}}',
    ],
    fields: {
      ...who,
      threshold: '90',
      percent: '90',
      used: '90',
      limit: '100',
      left: '10',
      resets: 'on 2026-03-01 00:00 UTC',
      suggestion: '',
    },
  },
  trial_ending: {
    about: 'a trial ends soon',
    essential: false,
    subject: 'Your trial of {{plan}} ends on {{ends}}',
    text: ['The trial of plan {{plan}} for {{customer}} ends on {{ends}}.', '{{then}}'],
    fields: {
      ...who,
      ends: '2026-03-01 00:00 UTC',
      then: 'It then renews at 29.99 USD for a month.',
      price: '29.99 USD',
    },
  },
  ending: {
    about: 'a subscription ends soon and does not renew',
    essential: false,
    subject: '{{plan}} ends on {{ends}}',
    text: ['Plan {{plan}} of {{customer}} ends on {{ends}} and does not renew.', '{{then}}'],
    fields: { ...who, ends: '2026-03-01 00:00 UTC', then: 'Plan free follows.', price: '29.99 USD' },
  },
  renewal: {
    about: 'a paid subscription renews soon',
    essential: false,
    subject: '{{plan}} renews on {{ends}}',
    text: ['Plan {{plan}} of {{customer}} renews on {{ends}} at {{price}}.'],
    fields: { ...who, ends: '2026-03-01 00:00 UTC', then: '', price: '29.99 USD' },
  },
  payment_failed: {
    about: 'a payment was declined',
    essential: true,
    subject: 'A payment of {{amount}} failed',
    text: [
      'The payment of {{amount}} for invoice {{invoice}} of {{customer}} was declined: {{reason}}.',
      '{{then}}',
    ],
    fields: {
      ...who,
      amount: '29.99 USD',
      invoice: 'ADA-0003',
      reason: 'the card has expired',
      then: 'It is tried again on 2026-03-03.',
    },
  },
  payment_action: {
    about: 'a payment needs confirmation by the customer',
    essential: true,
    subject: 'A payment of {{amount}} needs your confirmation',
    text: ['Your bank asks you to confirm the payment of {{amount}} for invoice {{invoice}}:', '{{url}}'],
    fields: { ...who, amount: '29.99 USD', invoice: 'ADA-0003', url: 'https://pay.example/confirm/1' },
  },
  card_expiring: {
    about: 'the card on file expires before the next charge',
    essential: true,
    subject: 'Your card ending in {{last4}} expires soon',
    text: [
      'The card ending in {{last4}} of {{customer}} expires {{expires}}, before the next charge on {{ends}}.',
    ],
    fields: { ...who, last4: '4242', expires: '02/2026', ends: '2026-03-01 00:00 UTC' },
  },
  key_expiring: {
    about: 'an API key of a provider expires soon; sent to the operator',
    essential: true,
    subject: 'The API key {{key}} expires on {{expires}}',
    text: [
      'The API key {{key}} of {{provider}}, ending in {{last4}}, expires on {{expires}}.',
      'Store a new one before then: subctl keys set {{key}}',
    ],
    fields: {
      customer: '',
      key: 'openai',
      provider: 'openai',
      last4: 'wXyZ',
      expires: '2026-03-01 00:00 UTC',
    },
  },
  key_expired: {
    about: 'an API key of a provider has expired; sent to the operator',
    essential: true,
    subject: 'The API key {{key}} has expired',
    text: [
      'The API key {{key}} of {{provider}}, ending in {{last4}}, expired on {{expires}}. It is no longer handed out.',
      'Store a new one: subctl keys set {{key}}',
    ],
    fields: {
      customer: '',
      key: 'openai',
      provider: 'openai',
      last4: 'wXyZ',
      expires: '2026-03-01 00:00 UTC',
    },
  },
  test: {
    about: 'a trial of the way, sent by alerts test',
    essential: true,
    subject: 'A test from subctl',
    text: ['This is a test: notifications reach you. Sent at {{at}}.'],
    fields: { customer: 'ada', at: '2026-03-01 00:00 UTC' },
  },
} as const satisfies Record<string, NotificationKind>;

export type NotificationKindName = keyof typeof notificationKinds;

export const notificationKindNames = Object.keys(notificationKinds) as NotificationKindName[];

/** Finds the kind of that name; undefined for one that another version may have queued. */
export function findNotificationKind(name: string): NotificationKind | undefined {
  return Object.hasOwn(notificationKinds, name) ? notificationKinds[name as NotificationKindName] : undefined;
}
