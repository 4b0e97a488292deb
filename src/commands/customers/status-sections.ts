import type { CustomerStatus, LimitStatus } from '../../subscriptions/status.ts';
import type { Section } from '../../terminal/outcome.ts';

/** Formats the status of a customer: identity, plan, limits with bars, credits. */
export function statusSections({ customer, effective, sold, ...status }: CustomerStatus): Section[] {
  const { plan, version, basis, periodStart, periodEnd, endsAt, reason } = effective;
  const from = { subscription: '', fallback: ' (fallback)', default: ' (default plan)', none: '' }[basis];
  const price = sold?.price
    ? `${sold.price} ${sold.currency ?? ''} per ${sold.every}, ${sold.collection}`
    : effective.collection;
  const wait = waitingChange(sold);
  const entries: [string, unknown][] = [
    ['kind', customer.kind],
    ['name', customer.name],
    ['email', customer.email],
    ['timezone', effective.timezone],
    ['plan', plan === null ? null : `${status.planName ?? plan}: ${plan} version ${version}${from}`],
    ['price', price],
    [
      'status',
      effective.access ? effective.status : `${effective.status}, no access: ${reason?.replaceAll('_', ' ')}`,
    ],
    ['period from', periodStart],
    ['period to', periodEnd],
    ['days left', status.daysLeft],
    ['pending change', wait],
    ['ends', endsAt],
    ['next reset', status.nextReset],
  ];
  return [
    { entries: entries.filter(([, value]) => value !== null) },
    limitSection(status.limits),
    creditSection(status.credits),
  ];
}

function limitSection(limits: readonly LimitStatus[]): Section {
  return {
    title: 'Limits',
    empty: 'No limits',
    columns: [
      {
        key: 'meter',
        show: (meter, { subject }) => `${String(meter)}${subject ? ` (${String(subject)})` : ''}`,
      },
      {
        key: 'window',
        show: (window, { source }) => `${String(window)}${source === 'override' ? ' *' : ''}`,
      },
      { key: 'used', align: 'right' },
      { key: 'limit', align: 'right', show: (limit) => (limit === null ? 'unlimited' : String(limit)) },
      {
        key: 'tenths',
        title: '',
        show: (tenths) => (typeof tenths === 'number' ? '█'.repeat(tenths) + '░'.repeat(10 - tenths) : ''),
      },
      {
        key: 'percent',
        title: '%',
        align: 'right',
        show: (percent) => (percent === null ? '' : String(percent)),
      },
      { key: 'resets_at', optional: true },
    ],
    rows: limits.map((limit) => ({ ...limit })),
  };
}

/** The pending change of a subscription; null for none. */
function waitingChange(sold: CustomerStatus['sold']): string | null {
  if (sold?.pendingPlan) return `changes to ${sold.pendingPlan} at ${sold.pendingAt!.toISOString()}`;
  return sold?.cancels ? 'canceled at the end of the period' : null;
}

function creditSection(credits: CustomerStatus['credits']): Section {
  const { balance, per_period, unlimited, resets_at, days_until_reset } = credits;
  const limited = per_period === null ? balance : `${balance}, ${per_period} per period`;
  const entries: [string, unknown][] = [['balance', unlimited ? 'unlimited' : limited]];
  if (per_period !== null && resets_at)
    entries.push(['next reset', resets_at], ['days until reset', days_until_reset]);
  return { title: 'Credits', entries };
}
