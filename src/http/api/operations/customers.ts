import * as z from 'zod';
import { canUse } from '../../../subscriptions/can-use.ts';
import { getEffective } from '../../../subscriptions/effective.ts';
import { listFeatures } from '../../../subscriptions/list-features.ts';
import { showUsage } from '../../../usage/show.ts';
import { featureAnswer, featuresAnswer, subscriptionAnswer, usageAnswer } from '../answers.ts';
import { customerId, text } from '../fields.ts';
import { asks, reads } from '../needs.ts';
import { nothing, operation } from '../operation.ts';

const params = z.strictObject({ customer: customerId });
const statuses = { 404: 'There is no such customer' };

export const showSubscription = operation({
  id: 'showSubscription',
  tag: 'Customers',
  method: 'get',
  path: '/v1/customers/{customer}/subscription',
  summary: 'Show what a customer has now: plan, status, access, period',
  description: 'By dates alone, whether or not a task has run.',
  scope: 'read',
  needs: [reads('subscriptions')],
  shape: { params, query: nothing, body: undefined },
  answer: subscriptionAnswer,
  statuses,
  customers: ({ params }) => [params.customer],
  async run({ connection, now }, { params: { customer } }) {
    const { plan, version, status, access, reason, basis, every, timezone, ...rest } = await getEffective(
      connection,
      customer,
      await now(),
    );
    const { periodStart, periodEnd, since, endsAt, autoRenew, collection } = rest;
    return {
      body: {
        ...{ customer, plan, version, status, access, reason, basis, every, timezone },
        ...{
          period_start: periodStart,
          period_end: periodEnd,
          since,
          ends_at: endsAt,
          auto_renew: autoRenew,
          collection,
        },
      },
    };
  },
});

export const showCustomerUsage = operation({
  id: 'showUsage',
  tag: 'Customers',
  method: 'get',
  path: '/v1/customers/{customer}/usage',
  summary: 'Show what a customer has used of every limit, and its credits',
  description: 'usage_status is warning from 80 % of the fullest limit and limit_reached from 100 %.',
  scope: 'read',
  needs: [reads('usage_totals')],
  shape: { params, query: nothing, body: undefined },
  answer: usageAnswer,
  statuses,
  customers: ({ params }) => [params.customer],
  run: async ({ connection, now }, { params: { customer } }) => ({
    body: await showUsage(connection, customer, await now()),
  }),
});

export const listCustomerFeatures = operation({
  id: 'listFeatures',
  tag: 'Customers',
  method: 'get',
  path: '/v1/customers/{customer}/features',
  summary: 'List all features with what a customer has of them',
  description: 'Features are yes or no, amounts, or words.',
  scope: 'read',
  needs: [asks('features')],
  shape: { params, query: nothing, body: undefined },
  answer: featuresAnswer,
  statuses,
  customers: ({ params }) => [params.customer],
  run: async ({ connection, asOf }, { params: { customer } }) => ({
    body: { features: await listFeatures(connection, { customer, now: asOf }) },
  }),
});

export const canUseFeature = operation({
  id: 'canUse',
  tag: 'Customers',
  method: 'get',
  path: '/v1/customers/{customer}/features/{feature}',
  summary: 'Say whether a customer has a feature, and how much of it',
  description:
    'The answer is 200 whether or not it has: look at allowed. A feature that no plan has is 404, for a misspelt name must not look like no.',
  scope: 'check',
  needs: [asks('feature')],
  shape: {
    params: z.strictObject({ customer: customerId, feature: text(100) }),
    query: nothing,
    body: undefined,
  },
  answer: featureAnswer,
  statuses: { 404: 'There is no such customer, or no plan has such a feature' },
  customers: ({ params }) => [params.customer],
  run: async ({ connection, asOf }, { params }) => ({
    body: await canUse(connection, { ...params, now: asOf }),
  }),
});
