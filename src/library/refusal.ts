import type { Suggestion } from '../catalog/suggest-plan.ts';
import type { Failure } from '../domain/failure.ts';
import { secondsUntil, statusOfRefusal } from '../usage/refusals.ts';
import type { Checked } from './answers.ts';

/** What a web server or a fetch answers in place of a call that may not be made: it says why, when again, and which plan would do. */
export interface RefusalResponse {
  status: number;
  headers: Record<string, string>;
  body: { error: { code: string; message: string; hint: string | null } } & Record<string, unknown>;
}

/** Seconds until there is room again are in `Retry-After`, where that is known. */
export function describeRefusal(
  answer: Checked,
  suggestion: Suggestion | undefined,
  now: Date,
): RefusalResponse {
  const { reason, message, meter, window, scope, used, limit, requested, credits, customer, kind } = answer;
  const again = answer.resets_at ?? credits?.['resets_at'] ?? null;
  const wait = again ? `There is room again at ${again}` : null;
  const hint = suggestion ? `Plan ${suggestion.plan} would cover it` : wait;
  return {
    status: statusOfRefusal(reason),
    headers: {
      ...(again ? { 'retry-after': secondsUntil(again, now) } : {}),
      'x-should-retry': 'false', // clients of providers would call again at once
    },
    body: {
      error: { code: 'refused', message: message ?? `Refused: ${reason}`, hint },
      ...{ reason, customer, kind, meter, window, scope, used, limit, requested, resets_at: again },
      ...{ credits, suggestion: suggestion ?? null },
    },
  };
}

/** Where nobody can know: nothing is allowed (R17), and trying again soon may help. */
export function describeUnavailable({ message, hint }: Failure): RefusalResponse {
  return {
    status: 503,
    headers: { 'retry-after': '1' },
    body: { error: { code: 'unavailable', message, hint: hint ?? null }, reason: 'unavailable' },
  };
}

export function toResponse({ status, headers, body }: RefusalResponse): Response {
  return Response.json(body, { status, headers });
}
