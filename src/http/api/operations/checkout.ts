import * as z from 'zod';
import { Failure } from '../../../domain/failure.ts';
import { parseInterval, formatInterval } from '../../../domain/intervals.ts';
import { ensureStripeCustomer, makeOffer, openCheckout } from '../../../stripe-sync/checkout.ts';
import { checkoutAnswer } from '../answers.ts';
import { count, customerId, read, text } from '../fields.ts';
import { writes } from '../needs.ts';
import { nothing, operation } from '../operation.ts';

const interval = read(z.string(), (value) => formatInterval(parseInterval(value, 'every')), {
  type: 'string',
  examples: ['1mo'],
});

const returnUrl = read(
  text(2000),
  (value) => {
    if (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)) return value;
    throw new Failure('usage', `The address '${value.slice(0, 100)}' is no web address`, {
      hint: 'Give https://…',
    });
  },
  { type: 'string', format: 'uri', examples: ['https://app.example.org/billing'] },
);

export const checkout = operation({
  id: 'checkout',
  tag: 'Customers',
  method: 'post',
  path: '/v1/customers/{customer}/checkout',
  summary: 'Open a page of Stripe on which a customer buys a plan',
  description:
    'Send the customer to its url. Refused while somebody pays for a subscription of theirs already.',
  scope: 'checkout',
  needs: [writes('update', 'customers')],
  shape: {
    params: z.strictObject({ customer: customerId }),
    query: nothing,
    body: z.strictObject({
      plan: text().describe('Id of the plan'),
      every: interval.optional().describe('1mo, 1y …: which of its prices'),
      currency: z
        .string()
        .regex(/^[A-Za-z]{3}$/, 'A currency has three letters')
        .optional(),
      seats: count('seats', { min: 1, max: 100_000 }).optional(),
      return_url: returnUrl
        .optional()
        .describe('Where the customer comes back to; STRIPE_RETURN_URL of the server unless given'),
      promotion_codes: z.boolean().optional().describe('Whether a code of Stripe may be entered'),
    }),
  },
  answer: checkoutAnswer,
  statuses: { 404: 'There is no such customer or plan' },
  example: { plan: 'pro', every: '1mo', return_url: 'https://app.example.org/billing' },
  customers: ({ params }) => [params.customer],
  async run(services, { params: { customer }, body }, { name }) {
    const { connection } = services;
    const { plan, every, currency, seats, promotion_codes: promotions = false } = body;
    const returnTo = body.return_url ?? services.returnUrl;
    if (returnTo === undefined)
      throw new Failure('usage', 'There is no URL for the customer to return to', {
        hint: 'Give return_url',
      });
    const asked = { customer, plan, every, seats };
    const offer = await makeOffer(connection, {
      ...asked,
      currency: currency?.toUpperCase(),
      returnUrl: returnTo,
      promotions,
    });
    const account = await services.stripe();
    const stripeCustomer = await ensureStripeCustomer(
      connection,
      await services.gateway(),
      (work) => services.write({ action: 'api checkout', actor: `token ${name}`, asked }, work as never),
      customer,
    );
    const page = await openCheckout(connection, account, {
      offer,
      stripeCustomer,
      returnUrl: returnTo,
      promotions,
    });
    const { every: per, amount, currency: money, seats: number, trialDays } = offer;
    return {
      body: {
        customer,
        ...page,
        plan,
        every: per,
        amount,
        currency: money,
        seats: number,
        trial_days: trialDays,
      },
    };
  },
});
