import { suggestionSentence } from '../../catalog/suggest-plan.ts';
import { groupDigits } from '../../domain/group-digits.ts';
import type { RecordOutcome } from '../../terminal/outcome.ts';
import type { ExplainedLimit, ExplainedUse } from '../../usage/explained.ts';
import { estimatedEntry } from './answer-outcome.ts';
import { type Entry, grouped, instant, leastRoom, limitSection, limitsSection } from './explain-limit.ts';
import { standingEntries } from './explain-standing.ts';

/** The output for usage that is allowed or refused: the verdict with its sum, when it is available again, the plan, and every limit. */
export function usePage(facts: ExplainedUse, all: boolean): RecordOutcome {
  const { customer, kind, quantity, at, timezone, standing, limits } = facts;
  const decided = limits.find(
    ({ meter, window, scope }) => meter === facts.meter && window === facts.window && scope === facts.scope,
  );
  const told = all ? limits : limits.filter((limit) => limit.exceeded ?? false);
  const tightest = told.length > 0 || facts.meter ? told : leastRoom(limits);
  const shown = limits.filter(({ limit }) => all || limit !== null);
  return {
    record: { ...facts },
    timezone,
    sections: [
      {
        title: `${groupDigits(quantity)} ${kind} for ${customer} at ${instant(at, timezone)}`,
        entries: [
          [facts.allowed ? 'allowed' : 'refused', verdict(facts, decided)],
          ...againEntries(facts),
          ...(facts.estimated ? [estimatedEntry] : []),
          ...creditEntries(facts),
          ...(facts.cost === null ? [] : [['cost', facts.cost] as Entry]),
          ...standingEntries(standing, timezone),
        ],
      },
      ...(shown.length > 0 ? [limitsSection(shown, 'Limits')] : []),
      ...tightest.map((limit) => limitSection(limit, standing)),
    ],
  };
}

function verdict(facts: ExplainedUse, decided: ExplainedLimit | undefined): string {
  if (facts.allowed) return `yes: within every limit (${facts.rule})`;
  if (!decided) return `${facts.message ?? facts.reason}${facts.rule ? ` (${facts.rule})` : ''}`;
  const several = facts.limits.filter(({ exceeded }) => exceeded).length > 1;
  if (decided.limit === '0') return `${facts.message} (${facts.rule})`;
  return `${decided.meter} per ${decided.window}: ${grouped(decided.sum)}, refused by ${facts.rule}${several ? '; it has the least room (R8)' : ''}`;
}

function againEntries({
  allowed,
  customer,
  works_again_at,
  never,
  steps,
  suggestion,
  timezone,
}: ExplainedUse): Entry[] {
  if (allowed) return [];
  const through = steps
    .slice(0, -1)
    .map(
      ({ at, meter, window, reason }) =>
        `${instant(at, timezone)} (then ${meter ? `${meter} per ${window}` : reason.replaceAll('_', ' ')})`,
    );
  const rolling = steps.at(-1)?.window?.startsWith('rolling');
  return [
    [
      'available again',
      works_again_at
        ? `at ${instant(works_again_at, timezone)}, if nothing else is used${rolling ? ': by then enough usage has left the window (R7)' : ''}`
        : `not by waiting: ${never}`,
    ],
    ...(through.length > 0 && works_again_at
      ? [['still refused at', through.slice(0, 3).join(', ')] as Entry]
      : []),
    [
      'upgrade',
      suggestion ? `${suggestionSentence(customer, suggestion)} (R40)` : 'no other plan would cover it (R40)',
    ],
  ];
}

function creditEntries({ credits }: ExplainedUse): Entry[] {
  if (!credits) return [];
  const held = credits.held ? `, ${credits.held} of it reserved` : '';
  if (credits.needed)
    return [['credits', `${credits.needed} needed, the balance is ${credits.balance}${held} (R22, R23)`]];
  return [['credits', `${credits.used} would be used, ${credits.balance} left${held} (R21)`]];
}
