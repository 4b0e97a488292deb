import { moneyWord } from '../../catalog/describe-plan.ts';
import { type StoredPlan, findPlans } from '../../catalog/find-plans.ts';
import { needCustomer } from '../../customers/find-customer.ts';
import { listCustomers } from '../../customers/list.ts';
import { Failure } from '../../domain/failure.ts';
import type { Prompts } from '../../terminal/prompts.ts';
import type { Context } from '../context.ts';

interface Asked {
  customer: string | undefined;
  plan: string | undefined;
  every: string | undefined;
}
export type Complete<I> = I & { customer: string; plan: string };

/**
 * Prompts for a missing customer and plan, and for the interval of a plan that has several.
 * @throws Failure refused when there are no plans or customers, not_found for an unknown customer
 */
export async function askAssignment<I extends Asked>(
  context: Context,
  prompts: Prompts,
  input: I,
): Promise<Complete<I>> {
  const db = await context.database();
  const plans = (await findPlans(db)).filter(({ active }) => active);
  if (plans.length === 0)
    throw new Failure('refused', 'There are no plans yet', { hint: 'Load some: subctl plans load mobix' });
  const customer = input.customer ?? (await askCustomer(context, prompts));
  await needCustomer(db, customer);
  const plan = input.plan ?? (await askPlan(prompts, plans));
  const found = plans.find(({ id }) => id === plan);
  const every = input.every ?? (found && (await askInterval(prompts, found)));
  return { ...input, customer, plan, every };
}

async function askCustomer(context: Context, prompts: Prompts): Promise<string> {
  const db = await context.database();
  const now = await context.now();
  const list = (search?: string) => listCustomers(db, { now, search, limit: 50 });
  if ((await list()).length === 0)
    throw new Failure('refused', 'There are no customers yet', { hint: 'Add one: subctl customers add ann' });
  return prompts.search('Which customer (id, name or email)?', async (typed) =>
    (await list(typed || undefined)).map(({ id, name, plan }) => ({
      name: `${id}${name ? ` (${name})` : ''}, ${plan === null ? 'no plan' : `has ${plan}`}`,
      short: id,
      value: id,
    })),
  );
}

function askPlan(prompts: Prompts, plans: readonly StoredPlan[]): Promise<string> {
  const room = Math.max(...plans.map(({ id }) => id.length));
  return prompts.select(
    'Which plan?',
    plans.map(({ id, name, version: { prices } }) => ({
      name: `${id.padEnd(room)}  ${name}, ${prices.map(priceWord).join(', ') || 'no price'}`,
      short: id,
      value: id,
    })),
  );
}

async function askInterval(prompts: Prompts, { version }: StoredPlan): Promise<string | undefined> {
  const intervals = [...new Set(version.prices.map(({ interval }) => interval))];
  if (intervals.length < 2) return undefined;
  return prompts.select(
    'Which billing interval?',
    intervals.map((value) => ({
      name: version.prices
        .filter(({ interval }) => interval === value)
        .map(priceWord)
        .join(', '),
      short: value,
      value,
    })),
  );
}

type Price = StoredPlan['version']['prices'][number];

const priceWord = ({ interval, currency, amount }: Price): string =>
  amount === null
    ? `complimentary / ${interval}`
    : `${moneyWord(amount, currency)} ${currency} / ${interval}`;
