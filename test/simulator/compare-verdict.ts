import type { Answer } from '../usage/world.ts';
import { agree } from './agree.ts';
import type { Verdict } from './counts.ts';
import { nameOf } from './names.ts';
import type { Use } from './use.ts';

/** What the database answers to a use, and what the model judges of it. */
export function compareVerdict(
  answer: Answer,
  use: Use,
  { allowed, reason, limits, credits, ...verdict }: Verdict,
): void {
  agree('verdict', [answer.allowed, answer.reason], [allowed, reason]);
  const part = verdict.use.quantity === use.quantity ? [] : [true, use.quantity, verdict.use.quantity];
  agree('what is taken', answer.partial ? [true, answer.asked, answer.quantity] : [], part);
  if (['in_future', 'too_old'].includes(reason ?? '') || limits.length === 0) return;
  const after = allowed
    ? (l: (typeof limits)[number]) => l.before.plus(l.rule.window === 'each' ? 0 : l.amount)
    : (l: (typeof limits)[number]) => l.before;
  const shown = limits.map((l) => [
    nameOf(l.rule),
    l.rule.window === 'each' ? '' : after(l).toFixed(),
    l.limit,
  ]);
  const listed = answer.limits.map((l) => [
    `${l.meter} ${l.window}${l.scope === 'member' ? ' @' : ''}`,
    l.window === 'each' ? '' : l.used,
    l.limit,
  ]);
  agree('limits of the answer', listed.sort(), shown.sort());
  if (allowed && credits.gt(0)) agree('credits taken', answer.credits?.used, credits.toFixed());
  if (reason !== 'limit_reached') return;
  const least = limits.filter((l) => l.over && l.rule.hard).map((l) => nameOf(l.rule));
  const named = `${answer.meter} ${answer.window}${answer.scope === 'member' ? ' @' : ''}`;
  agree('the limit that is named does not fit', least.includes(named), true);
}
