import { listCustomers } from '../../customers/list.ts';
import { findPlans } from '../../catalog/find-plans.ts';
import { Failure } from '../../domain/failure.ts';
import { assignPlan } from '../../subscriptions/assign.ts';
import type { Assigned } from '../../subscriptions/assigned.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';

export interface Asked {
  customer: string;
  plan: string;
  every: string | undefined;
}

/**
 * Asks for the customer, the plan and the interval, rehearses the assignment, says what it will do and with which command, and asks
 * whether to do it. Failure usage without a terminal.
 */
export async function askAssignment(context: Context): Promise<Asked> {
  const prompts = await context.prompts('Give the customer and the plan: subctl assign CUSTOMER PLAN');
  const connection = await context.database();
  const now = await context.now();
  const plans = (await findPlans(connection)).filter(({ active }) => active);
  if (plans.length === 0)
    throw new Failure('refused', 'There are no plans yet', { hint: 'Load some: subctl plans load mobix' });
  const customer = await prompts.search('Which customer?', async (typed) => {
    const found = await listCustomers(connection, { now, search: typed || undefined, limit: 20 });
    return found.map(({ id, name, plan }) => ({
      name: `${id}${name ? ` (${name})` : ''}, ${plan ?? 'no plan'}`,
      value: id,
    }));
  });
  const plan = await prompts.select(
    'Which plan?',
    plans.map(({ id, name }) => ({ name: `${name} (${id})`, value: id })),
  );
  const prices = plans.find(({ id }) => id === plan)!.version.prices;
  const intervals = [...new Set(prices.map(({ interval }) => interval))];
  const every =
    intervals.length > 1
      ? await prompts.select(
          'For how long at a time?',
          intervals.map((value) => ({ name: value, value })),
        )
      : undefined;
  const terms = { customer, plan, every };
  const asked = { ...terms };
  const { sentence } = await write<Assigned>(
    { ...context, dryRun: true },
    { action: 'assign', asked },
    (tx, change) => assignPlan(tx, change, terms),
  );
  context.note(
    `${sentence}.\nThe same as: subctl assign ${quoted(customer)} ${plan}${every ? ` --every ${every}` : ''}`,
  );
  if (!context.yes && !context.dryRun && !(await prompts.confirm('Do it?', true))) {
    throw new Failure('interrupted', 'Not confirmed: nothing was changed');
  }
  return terms;
}

const quoted = (text: string): string =>
  /^[\w.@:-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
