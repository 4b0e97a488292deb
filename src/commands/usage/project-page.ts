import type { Column, RowsOutcome, Section } from '../../terminal/outcome.ts';
import { showRounded } from '../../terminal/rounded.ts';
import { showInstant } from '../../terminal/values.ts';
import type { CreditProjection } from '../../usage/project-credits.ts';
import type { ProjectedCost, ProjectedLimit, UsageProjection } from '../../usage/project.ts';

const tooEarly = 'not enough history';

/** Cost and credits, then the projected limits, then the method. */
export function projectionSections(found: UsageProjection, now: Date): Section[] {
  const { customer, plan, timezone, limits, cost, credits, method } = found;
  const entries: [string, unknown][] = [
    ['as of', now],
    ['plan', plan ?? 'none'],
    ...(cost ? ([['cost', costLine(cost, timezone)]] as [string, unknown][]) : []),
    ...(credits ? ([['credits', creditLine(credits, timezone)]] as [string, unknown][]) : []),
  ];
  return [
    { title: `Projection of ${customer}`, entries },
    {
      title: 'Limits',
      columns: columnsOf(limits),
      rows: limits.map((limit) => ({ ...limit })),
      empty: 'There are no limits, and no usage in a window with an end.',
    },
    { entries: [['method', method]] },
  ];
}

function columnsOf(limits: readonly ProjectedLimit[]): Column[] {
  const has = (key: keyof ProjectedLimit) => limits.some((limit) => limit[key] !== null);
  return [
    { key: 'meter' },
    { key: 'window' },
    ...(has('member') ? [{ key: 'member' }] : []),
    { key: 'used', align: 'right' },
    { key: 'limit', align: 'right', show: (limit) => (limit === null ? 'unlimited' : String(limit)) },
    { key: 'projected', title: 'projected', align: 'right', show: (value) => (value === null ? tooEarly : showRounded(value as string)) },
    { key: 'projected_percent', title: '%', align: 'right' },
    { key: 'limit_at', title: 'limit reached', show: (_, row) => reachedOf(row as unknown as ProjectedLimit) },
    ...(has('low') ? [{ key: 'low', title: 'range', show: (_: unknown, row: object) => bandOf(row as ProjectedLimit), optional: true }] : []),
    ...(has('over_price') ? [{ key: 'over_price', title: 'overage', show: (_: unknown, row: object) => overageOf(row as ProjectedLimit), optional: true }] : []),
  ]; // prettier-ignore
}

function reachedOf({ limit, limit_reached: reached, limit_at: at }: ProjectedLimit): string {
  if (limit === '0') return 'disabled';
  if (reached) return 'already';
  if (at) return at.toISOString().slice(0, 10);
  return limit === null ? '-' : 'no';
}

const bandOf = ({ low, high }: ProjectedLimit): string =>
  low === null || high === null ? '-' : `${showRounded(low)} and ${showRounded(high)}`;

const overageOf = ({ over_price: price, over_currency: currency }: ProjectedLimit): string =>
  price === null ? '-' : `${price} ${currency ?? ''}`.trim();

function costLine({ used, projected, currency, period_end: end }: ProjectedCost, timezone: string): string {
  const unit = currency === null ? '' : ` ${currency}`;
  return `${used}${unit}, by ${showInstant(end, timezone)} ${projected === null ? tooEarly : `${showRounded(projected)}${unit}`}`;
}

function creditLine(credits: CreditProjection, timezone: string): string {
  const { balance, unlimited, spent, per_day: pace, run_out_at: end, renews_at: renewal, reason } = credits;
  if (unlimited) return 'unlimited';
  const left = `${balance} left`;
  if (reason) return `${left}, ${tooEarly}`;
  if (spent === '0') return `${left}, none spent in this cycle`;
  const pacing = `${left}, ${showRounded(pace ?? '0')} a day: they`;
  if (end) return `${pacing} run out on ${showInstant(end, timezone)}`;
  return renewal
    ? `${pacing} last until they renew on ${showInstant(renewal, timezone)}`
    : `${pacing} do not run out`;
}

/** One row per limit, for CSV. */
export function projectionLines({ limits }: UsageProjection): RowsOutcome {
  const keys = [
    ...[
      'meter',
      'window',
      'member',
      'window_start',
      'window_end',
      'elapsed_percent',
      'used',
      'limit',
      'enforcement',
      'percent',
    ],
    ...[
      'projected',
      'projected_percent',
      'low',
      'high',
      'complete_windows',
      'limit_reached',
      'limit_at',
      'over',
      'over_price',
    ],
    ...['over_currency', 'reason'],
  ];
  return { columns: keys.map((key) => ({ key })), rows: limits.map((limit) => ({ ...limit })) };
}
