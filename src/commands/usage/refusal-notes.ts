import { suggestPlan, suggestionSentence } from '../../catalog/suggest-plan.ts';
import type { Db } from '../../database/connect.ts';
import type { Answer, Use } from '../../usage/use.ts';

const helped = new Set(['limit_reached', 'disabled', 'no_credits', 'model_not_in_plan']);

/** Notes for a refusal: the plan that would cover the usage (C13, R40), and the command that explains it. */
export async function refusalNotes(db: Db, answer: Answer, use: Use, now: Date): Promise<string[]> {
  if (answer.allowed || !helped.has(answer.reason ?? '')) return [];
  if (answer.reason === 'disabled' && answer.limits.length === 0)
    return [`To restore access: subctl customers enable ${use.customer}`];
  const asked = Object.fromEntries(answer.limits.map(({ meter, requested = '0' }) => [meter, requested]));
  const credits = answer.credits?.['needed'];
  const { customer, provider, model } = use;
  const suggestion = await suggestPlan(db, { customer, now, asked, credits, provider, model });
  return [
    ...(suggestion ? [suggestionSentence(customer, suggestion)] : []),
    `For the reason and the next available time: subctl usage explain ${customer} ${use.kind}`,
  ];
}
