import * as z from 'zod';
import { type StoredPlan, findPlans, getPlan } from '../../../catalog/find-plans.ts';
import { planAnswer, plansAnswer } from '../answers.ts';
import { text } from '../fields.ts';
import { reads } from '../needs.ts';
import { nothing, operation } from '../operation.ts';

export const listPlans = operation({
  id: 'listPlans',
  tag: 'Plans',
  method: 'get',
  path: '/v1/plans',
  summary: 'List the plans that can be had, by rank',
  description:
    'Prices, limits, credits and features of the version that new subscribers get. A null limit is unlimited, 0 is disabled; a null price cannot be bought.',
  scope: 'read',
  needs: [reads('plan_limits')],
  shape: { params: nothing, query: nothing, body: undefined },
  answer: plansAnswer,
  customers: () => [],
  run: async ({ connection }) => ({
    body: { plans: (await findPlans(connection)).filter(({ active }) => active).map(describe) },
  }),
});

export const showPlan = operation({
  id: 'showPlan',
  tag: 'Plans',
  method: 'get',
  path: '/v1/plans/{plan}',
  summary: 'Show a plan',
  description: 'Plans that are closed to new subscribers are shown too.',
  scope: 'read',
  needs: [reads('plan_limits')],
  shape: { params: z.strictObject({ plan: text().describe('Its id') }), query: nothing, body: undefined },
  answer: planAnswer,
  statuses: { 404: 'There is no such plan' },
  customers: () => [],
  run: async ({ connection }, { params: { plan } }) => ({ body: describe(await getPlan(connection, plan)) }),
});

function describe({ id, name, description, rank, active, isDefault, currentVersion, version }: StoredPlan) {
  return {
    ...{ plan: id, name, description, rank, active, default: isDefault, version: currentVersion },
    prices: version.prices.map(({ interval, currency, amount }) => ({ interval, currency, amount })),
    limits: version.limits.map(({ meter, window, scope, value, enforcement, overagePrice, overagePer }) => ({
      ...{ meter, window, scope, limit: value, enforcement },
      ...{ overage_price: overagePrice, overage_per: overagePer },
    })),
    credits: version.credits,
    credits_unlimited: version.creditsUnlimited,
    credits_every: version.creditsEvery,
    features: version.features.map(({ name: feature, type, value }) => ({ feature, type, value })),
    max_users: version.maxUsers,
    trial_days: version.trialDays,
  };
}
