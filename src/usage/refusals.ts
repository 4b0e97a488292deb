/** The HTTP status of a refused use by its reason: limit reached, no payment, not allowed, unknown customer, a wrong time or price. */
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

/** The HTTP status of a use that was refused for `reason`; 403 for an unknown reason. */
export const statusOfRefusal = (reason: string | null): number => statuses[reason ?? ''] ?? 403;

/** The value of `Retry-After`: whole seconds from `now` until there is room again, at least one. */
export const secondsUntil = (again: string | Date, now: Date): string =>
  String(Math.max(1, Math.ceil((new Date(again).getTime() - now.getTime()) / 1_000)));
