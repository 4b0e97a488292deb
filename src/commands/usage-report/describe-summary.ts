import { showCost } from '../../terminal/rounded.ts';
import type { Span } from '../../reports/span.ts';
import type { Summary } from '../../reports/summarise-usage.ts';
import type { Column, Section } from '../../terminal/outcome.ts';
import { showInstant } from '../../terminal/values.ts';
import { spanLine } from './span-line.ts';

const meterColumns: readonly Column[] = [
  { key: 'meter' },
  { key: 'window' },
  { key: 'customers', align: 'right' },
  { key: 'used', align: 'right' },
  { key: 'refused', align: 'right' },
];

/** The sections of the summary: the status now, events in the span, and open windows. */
export function describeSummary(found: Summary, { now, span }: { now: Date; span: Span }): Section[] {
  return [
    {
      title: `Status at ${showInstant(now, span.timezone)}`,
      entries: [
        ['customers', found.customers],
        ['trialing', found.trialing],
        ['active', found.active],
        ['past due', found.past_due],
        ['paused', found.paused],
        ['without a subscription', found.without_subscription],
        ['credits', creditLine(found)],
      ],
    },
    {
      title: `From ${spanLine(span)}`,
      entries: [
        ['events', found.events],
        ['tokens', found.tokens],
        ['cost', `${showCost(found.cost, found.currency)} ${found.currency}`],
        ['unpriced events', found.unpriced_events],
        ['refusals', found.refusals],
      ],
    },
    {
      title: 'Open windows',
      columns: meterColumns,
      rows: found.meters.map((meter) => ({ ...meter })),
      empty: 'No usage in open windows.',
    },
  ];
}

function creditLine({ credits_allotted, credits_used, credits_percent }: Summary): string {
  return credits_percent === null ? 'none' : `${credits_used} of ${credits_allotted} (${credits_percent} %)`;
}
