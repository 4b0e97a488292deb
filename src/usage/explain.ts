import Big from 'big.js';
import { needCustomer } from '../customers/find-customer.ts';
import { callJson } from '../database/call.ts';
import type { Db } from '../database/connect.ts';
import type { ExplainedEvent, ExplainedLimit, ExplainedUse } from './explained.ts';
import type { Use } from './use.ts';

/**
 * Explains how a recorded use was decided, with the plan version, limits, prices and grants of its time. Works for events of closed months
 * too. Failure not_found.
 */
export async function explainEvent(
  db: Db,
  { customer, event, now }: { customer: string; event: string; now: Date },
): Promise<ExplainedEvent> {
  await needCustomer(db, customer);
  const facts = (await callJson(db, 'subctl.explain_event', {
    customer,
    event,
    as_of: now,
  })) as ExplainedEvent;
  return { ...facts, limits: facts.limits.map(withSum) };
}

/**
 * Explains why a use is allowed or refused at `now`, when it would be allowed again (R7), and which plan would cover it (R40). Writes
 * nothing. Failure not_found without such a customer.
 */
export async function explainUse(db: Db, use: Use, now: Date): Promise<ExplainedUse> {
  await needCustomer(db, use.customer);
  const facts = (await callJson(db, 'subctl.explain_use', {
    customer: use.customer,
    kind: use.kind,
    as_of: now,
    quantity: use.quantity ?? '1',
    provider: use.provider,
    model: use.model,
    input_tokens: use.inputTokens,
    output_tokens: use.outputTokens,
    cached_tokens: use.cachedTokens,
    units: use.units,
    cost: use.cost,
    member: use.member,
    session: use.session,
  })) as ExplainedUse;
  return { ...facts, limits: facts.limits.map(withSum) };
}

/** The sum that decided: the usage, what others reserve, the use, and the limit (R10). */
function withSum(limit: Omit<ExplainedLimit, 'sum'>): ExplainedLimit {
  const isEvent = limit.before !== undefined;
  const before = (isEvent ? limit.before : limit.used)!;
  const came = (isEvent ? limit.counted : limit.requested) ?? '0';
  const held = isEvent || !limit.held || limit.held === '0' ? undefined : limit.held;
  const total = new Big(before).plus(held ?? 0).plus(came);
  const sum = [before, ...(held ? [`${held} held`] : []), came].join(' + ') + ` = ${total.toFixed()}`;
  const against = limit.limit === null ? '' : ` ${total.gt(limit.limit) ? '>' : '≤'} ${limit.limit}`;
  return { ...(limit as ExplainedLimit), sum: `${sum}${against}` };
}
