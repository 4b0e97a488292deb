import type { Suggestion } from '../catalog/suggest-plan.ts';
import type { Failure } from '../domain/failure.ts';
import type { Checked } from './client.ts';

/** The status of a refused use by its reason: no room now, nobody pays, not allowed, no such customer, a wrong time or price. */
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
  const hint = suggestion
    ? `Plan ${suggestion.plan} would cover it`
    : again
      ? `There is room again at ${again}`
      : null;
  return {
    status: statuses[reason ?? ''] ?? 403,
    headers: {
      ...(again
        ? { 'retry-after': String(Math.max(1, Math.ceil((Date.parse(again) - now.getTime()) / 1_000))) }
        : {}),
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
