import type { Answer } from '../../usage/use.ts';
import { secondsUntil, statusOfRefusal } from '../../usage/refusals.ts';
import type { ApiAnswer } from './operation.ts';

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
  const status = statusOfRefusal(reason);
  const hint = again ? `There is room again at ${again}` : null;
  return {
    status,
    headers: status === 429 && again ? { 'Retry-After': secondsUntil(again, now) } : {},
    body: { ...answer, error: { code: 'refused', message: message ?? `Refused: ${reason}`, hint } },
  };
}
