import { groupDigits } from '../../domain/group-digits.ts';
import type { RecordOutcome, Section } from '../../terminal/outcome.ts';
import type { ExplainedEvent } from '../../usage/explained.ts';
import { type Entry, instant, leastRoom, limitSection, limitsSection } from './explain-limit.ts';
import { standingEntries } from './explain-standing.ts';

/** The output for a recorded event: its facts, what decided it then, and later changes. */
export function eventPage(facts: ExplainedEvent, all: boolean): RecordOutcome {
  const { customer, event_id, timezone, standing, limits } = facts;
  const told = all
    ? limits
    : limits.filter((limit) => limit.late || limit.rule === 'R12' || limit.override !== null);
  const detailed = told.length > 0 ? told : leastRoom(limits);
  return {
    record: { ...facts },
    timezone,
    sections: [
      {
        title: `Event ${event_id} of ${customer}`,
        entries: [
          [facts.reverses ? 'reverses' : 'recorded', whatOf(facts)],
          ...lifeEntries(facts),
          ...standingEntries(standing, timezone),
          ...tokenEntries(facts),
          ...costEntries(facts),
          ...creditEntries(facts),
          ...facts.rows.map((row, at): Entry => [at === 0 ? 'rows' : '', row]),
        ],
      },
      ...grantSections(facts),
      limitsSection(
        limits.filter(({ limit, late }) => all || limit !== null || late),
        'Limits then',
      ),
      ...detailed.map((limit) => limitSection(limit, standing)),
    ],
  };
}

function whatOf({
  quantity,
  kind,
  at,
  recorded_at,
  timezone,
  provider,
  model,
  member,
  session,
  ...event
}: ExplainedEvent): string {
  const late = at === recorded_at ? '' : `, recorded at ${instant(recorded_at, timezone)}`;
  const with_ = [provider, model].filter(Boolean).join(' ');
  const of = [with_ && ` with ${with_}`, member && ` by ${member}`, session && ` in session ${session}`]
    .filter(Boolean)
    .join('');
  const free = event.tier === 'free' ? ', a free model' : '';
  return `${groupDigits(quantity)} ${kind}${of}${free} at ${instant(at, timezone)}${late}`;
}

function lifeEntries(facts: ExplainedEvent): Entry[] {
  const { key, reservation, reversed_by, reverses } = facts;
  return [
    ...(facts.overage
      ? [
          [
            'overage',
            `it had already happened${facts.already_spent ? '' : ' on a soft limit'}, so it counts beyond the limit (R12)`,
          ] as Entry,
        ]
      : []),
    ...(facts.partial
      ? [['partial', `${facts.asked} requested, the amount that fits was recorded (R12)`] as Entry]
      : []),
    ...(facts.failed
      ? [['failed', 'the call failed: it counts, and costs only the given cost'] as Entry]
      : []),
    ...(key ? [['key', `${key} (R15)`] as Entry] : []),
    ...(reservation ? [['settles', `reservation ${reservation} (R18)`] as Entry] : []),
    ...(reverses ? [['reverses', reverses] as Entry] : []),
    ...(reversed_by ? [['reversed', `by event ${reversed_by}`] as Entry] : []),
  ];
}

function tokenEntries({ tokens }: ExplainedEvent): Entry[] {
  const { input, output, counted, estimated, units } = tokens;
  if (counted === null) return [];
  if (!estimated) {
    const from = `${groupDigits(input ?? '0')} in + ${groupDigits(output ?? '0')} out`;
    const why = tokens.rule ? ', by the multiplier of the model, rounded up once (R28)' : '';
    return [['tokens', `${from} = ${groupDigits(counted)}${why}`]];
  }
  const from =
    Object.entries(units ?? {})
      .map(([unit, amount]) => `${groupDigits(String(amount))} ${unit}`)
      .join(', ') || 'size unknown';
  return [['tokens', `${from} = ${groupDigits(counted)}, estimated (R18)`]];
}

function costEntries({ cost }: ExplainedEvent): Entry[] {
  const money = (amount: string) => `${amount} ${cost.currency ?? ''}`.trim();
  if (cost.basis === 'no provider')
    return [['cost', 'none: the event has no provider, model, tokens or units']];
  if (cost.basis === 'none') return [['cost', 'none: events of this kind have no cost']];
  if (cost.basis === 'failed call') return [['cost', 'none: the call failed']];
  if (cost.basis === 'unpriced')
    return [
      [
        'cost',
        `unknown: there was no price at that time (${cost.rule})${cost.cost_today ? `; with today's prices ${money(cost.cost_today)}` : ''}`,
      ],
    ];
  if (cost.basis === 'given') return [['cost', `${money(cost.cost!)}, as given`]];
  const parts = cost.lines.map(
    ({ quantity, amount, per }) => `${groupDigits(quantity)} × ${amount}/${short(per)}`,
  );
  return [
    ['cost', `${parts.length > 0 ? `${parts.join(' + ')} = ` : ''}${money(cost.cost!)} (${cost.rule})`],
    ...cost.prices.map(({ provider, model, component, amount, per, effective_from, source }, at): Entry => [
      at === 0 ? 'prices' : '',
      `${cost.price_provider ? `${provider}/` : ''}${model} ${component}: ${amount} per ${groupDigits(per)} from ${effective_from.slice(0, 10)}, ${source}`,
    ]),
    ...(cost.cost_today
      ? [['today', `with today's prices ${money(cost.cost_today)}; a recorded event keeps its cost`] as Entry]
      : []),
  ];
}

const short = (per: string): string => ({ '1000000': '1M', '1000': '1k' })[per] ?? per;

function creditEntries({ credits }: ExplainedEvent): Entry[] {
  if (!credits) return [];
  const sum = credits.each
    ? `${groupDigits(credits.quantity)} × ${credits.each} = ${groupDigits(credits.used)}`
    : groupDigits(credits.used);
  return [['credits', `${sum}, balance after it ${groupDigits(credits.balance ?? '0')} (${credits.rule})`]];
}

function grantSections({ credits }: ExplainedEvent): Section[] {
  if (!credits || credits.grants.length === 0) return [];
  return [
    {
      title: 'Grants in the order of use (R21)',
      columns: [
        { key: 'source' },
        { key: 'priority', align: 'right' },
        { key: 'expires_at', title: 'expires' },
        { key: 'amount', title: 'used', align: 'right' },
        { key: 'balance_after', title: 'balance', align: 'right' },
        { key: 'grant', optional: true },
      ],
      rows: credits.grants.map((grant) => ({
        ...grant,
        expires_at: grant.expires_at && new Date(grant.expires_at),
      })),
    },
  ];
}
