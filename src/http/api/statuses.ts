import type { Answer } from '../../usage/use.ts';
import type { ApiAnswer } from './operation.ts';

/** The status of a use that was asked to be recorded or held and is refused, by its reason. */
const statuses: Record<string, number> = {
  limit_reached: 429,
  no_credits: 402,
  no_subscription: 402,
  past_due: 402,
  disabled: 403,
  paused: 403,
  model_not_in_plan: 403,
  no_customer: 404,
  no_member: 404,
  too_old: 422,
  in_future: 422,
  unpriced: 422,
};

/** What the statuses of a refused use mean, for the document. */
export const refusals = {
  402: 'Refused: no_credits, no_subscription or past_due',
  403: 'Refused: disabled, paused or model_not_in_plan; or the token may not',
  404: 'Refused: no_customer or no_member',
  409: 'The key was used for something else',
  422: 'Refused: too_old, in_future or unpriced',
  429: 'Refused: limit_reached. Retry-After says in how many seconds there is room again, where that is known',
};

/**
 * The answer of a use that was to be recorded or held: 200 where it was, else the status of its reason, with the function's own answer and
 * an error beside it. A limit that will have room again says when.
 */
export function answerUse(
  answer: Pick<Answer, 'allowed' | 'reason'> & { message?: string | null; resets_at?: string | null },
  now: Date,
): ApiAnswer {
  if (answer.allowed) return { body: answer };
  const { reason, message, resets_at: again } = answer;
  const status = statuses[reason ?? ''] ?? 403;
  const seconds = again
    ? Math.max(1, Math.ceil((new Date(again).getTime() - now.getTime()) / 1000))
    : undefined;
  const hint = again ? `There is room again at ${again}` : null;
  return {
    status,
    headers: status === 429 && seconds !== undefined ? { 'Retry-After': String(seconds) } : {},
    body: { ...answer, error: { code: 'refused', message: message ?? `Refused: ${reason}`, hint } },
  };
}
