import { type Loading, command } from '../command.ts';
import { stripeEvents } from './events-spec.ts';

const customer = { name: 'customer', about: 'id of the customer' } as const;
const returnUrl = {
  flag: '--return-url',
  value: 'url',
  about: 'where the customer comes back to; STRIPE_RETURN_URL unless said',
} as const;
const keys =
  'The key of the account comes from STRIPE_SECRET_KEY or the file that STRIPE_SECRET_KEY_FILE names.';

export const syncPlans = command({
  path: 'stripe sync',
  summary: 'Make Stripe’s products and prices what the plans say',
  description: `A product for each active plan, a price for each price above zero of its current version, found again by lookup key. A price never changes at Stripe: another amount is a new version of the plan with a new price; the old one stays for those who have it, and is sold no more. With discounts, a coupon and a promotion code for each code that may be used, found again by its metadata; Stripe counts its uses by itself, from those that were left. With --dry-run it shows what differs.\n\n${keys}`,
  group: 'money',
  writes: true,
  rows: true,
  asOf: true,
  exits: [3, 4, 7, 8],
  arguments: [
    {
      name: 'what',
      optional: true,
      kind: 'choice',
      choices: ['plans', 'discounts'],
      about: 'plans (unless said), or discounts: the codes as promotion codes of Stripe’s',
    },
  ],
  options: [{ flag: '--plan', value: 'plan', about: 'only this plan' }],
  examples: [
    { command: 'subctl stripe sync plans --dry-run', about: 'what differs, before anything is done' },
    { command: 'subctl stripe sync plans', about: 'do it' },
    { command: 'subctl stripe sync discounts', about: 'the codes, too' },
  ],
  load: (): Loading => import('./sync-plans.ts'),
});

export const checkout = command({
  path: 'stripe checkout',
  summary: 'Open a page of Stripe’s on which a customer subscribes, and print its address',
  description: `The customer is made at Stripe with the first page. Once it has paid, a webhook brings the subscription here; until then nothing changes. A customer, a group too, has one subscription: who pays for one already is refused.\n\n${keys}`,
  group: 'money',
  writes: true,
  rows: true,
  asOf: true,
  exits: [3, 4, 8],
  arguments: [customer, { name: 'plan', about: 'the plan to buy' }],
  options: [
    {
      flag: '--every',
      value: 'interval',
      kind: 'interval',
      about: 'which of its prices; the shortest unless said',
    },
    { flag: '--currency', value: 'code', about: 'which currency; the customer’s unless said' },
    {
      flag: '--seats',
      value: 'number',
      kind: 'integer',
      min: 1,
      max: 1_000_000,
      about: 'how many seats (1)',
    },
    { flag: '--promotion-codes', about: 'the customer may enter a promotion code' },
    {
      flag: '--discount',
      value: 'code',
      about: 'a code that lowers the price, known to Stripe by stripe sync discounts',
    },
    returnUrl,
  ],
  examples: [
    { command: 'subctl stripe checkout cleo pro', about: 'an address to send cleo to' },
    {
      command: 'subctl stripe checkout cleo pro --every 1y --json',
      about: 'the same for a program, by the year',
    },
  ],
  load: (): Loading => import('./checkout.ts'),
});

export const portal = command({
  path: 'stripe portal',
  summary: 'Open a page of Stripe’s for a customer’s card, invoices and cancellation, and print its address',
  description: `What the customer changes there comes here by webhook.\n\n${keys}`,
  group: 'money',
  rows: true,
  exits: [3, 4],
  arguments: [customer],
  options: [returnUrl],
  examples: [
    { command: 'subctl stripe portal cleo', about: 'an address to send cleo to' },
    {
      command: 'subctl stripe portal cleo --return-url https://app.example.org/billing',
      about: 'and where cleo comes back to',
    },
  ],
  load: (): Loading => import('./portal.ts'),
});

export const adopt = command({
  path: 'stripe adopt',
  summary: 'Take over what Stripe has of a customer already',
  description: `Subscriptions, invoices and payments come here with their history, and are kept as they are there from then on. The prices must be known: subctl stripe sync plans, or --price for one that was made by hand.\n\n${keys}`,
  group: 'money',
  writes: true,
  rows: true,
  asOf: true,
  exits: [3, 4, 8],
  arguments: [customer, { name: 'stripe-customer', about: 'its id at Stripe: cus_…' }],
  options: [
    {
      flag: '--price',
      value: 'price=plan',
      many: true,
      about: 'a price of Stripe’s that sells a plan, price_…=pro; several times',
    },
    { flag: '--replace', about: 'leave the customer of Stripe’s that it has' },
  ],
  examples: [
    { command: 'subctl stripe adopt dana cus_T0000000dana --dry-run', about: 'what would come' },
    { command: 'subctl stripe adopt dana cus_T0000000dana', about: 'take it over' },
  ],
  load: (): Loading => import('./adopt.ts'),
});

export const reconcile = command({
  path: 'stripe reconcile',
  summary: 'Compare every customer with Stripe, and show what differs',
  description: `Subscriptions, invoices, payments and refunds of each customer who is one of Stripe’s, page by page. Nothing is written without --apply; with it, this side becomes what Stripe says. Exit code 4 says that something differs and is not mended. The task stripe-reconcile does the same every night.\n\n${keys}`,
  group: 'money',
  writes: true,
  rows: true,
  asOf: true,
  exits: [3, 4, 7, 8],
  options: [
    { flag: '--apply', about: 'make it here what it is at Stripe' },
    { flag: '--customer', value: 'customer', about: 'only this one' },
    { flag: '--after', value: 'customer', about: 'only those with a greater id: where a run was stopped' },
    { flag: '--limit', value: 'number', kind: 'integer', min: 1, about: 'at most this many customers' },
  ],
  examples: [
    { command: 'subctl stripe reconcile', about: 'what differs' },
    { command: 'subctl stripe reconcile --customer cleo --apply', about: 'mend one customer' },
  ],
  load: (): Loading => import('./reconcile.ts'),
});

export const webhook = command({
  path: 'stripe webhook',
  summary: 'Take in one webhook of Stripe’s from a file, and process it',
  description:
    'The body must be the very bytes that came, and the signature the header Stripe-Signature that came with it: both are checked with STRIPE_WEBHOOK_SECRET, of which there may be several, with commas, while it is rotated. An event that came before is not processed twice. For an application that receives webhooks itself; subctl serve receives them too.',
  group: 'money',
  writes: true,
  rows: true,
  asOf: true,
  exits: [3, 4, 7],
  options: [
    { flag: '--file', value: 'file', about: 'the body; - or nothing is standard input' },
    { flag: '--signature', value: 'header', required: true, about: 'the header Stripe-Signature: t=…,v1=…' },
    { flag: '--store-only', about: 'keep it, and leave the processing to the next run' },
  ],
  examples: [
    {
      command: 'subctl stripe webhook --file event.json --signature t=1767225600,v1=5257a8',
      about: 'one that was saved',
    },
    {
      command: 'subctl stripe webhook --file - --signature t=1767225600,v1=5257a8 --store-only',
      about: 'from an application, on standard input',
    },
  ],
  load: (): Loading => import('./webhook.ts'),
});

export const disputes = command({
  path: 'stripe disputes',
  summary: 'List the payments that somebody disputes, and those that are probably fraud',
  group: 'money',
  rows: true,
  options: [{ flag: '--customer', value: 'customer', about: 'only those of this customer' }],
  examples: [
    { command: 'subctl stripe disputes', about: 'all of them, the newest first' },
    { command: 'subctl stripe disputes --customer cleo --json', about: 'cleo’s, for a program' },
  ],
  load: (): Loading => import('./disputes.ts'),
});

export const stripe = [
  syncPlans,
  checkout,
  portal,
  adopt,
  reconcile,
  webhook,
  stripeEvents,
  disputes,
] as const;
