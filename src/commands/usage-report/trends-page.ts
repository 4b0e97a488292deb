import type { MonthRow, Trends } from '../../reports/trends.ts';
import type { Chart, Column, Section } from '../../terminal/outcome.ts';
import { sparkline } from '../../terminal/sparkline.ts';

const numbers = [
  'uses',
  'cost',
  'active_customers',
  'new_subscriptions',
  'ended_subscriptions',
  'subscriptions',
  'mrr',
] as const;
const short: Partial<Record<keyof MonthRow, string>> = {
  active_customers: 'active',
  new_subscriptions: 'new',
  ended_subscriptions: 'ended',
  subscriptions: 'subs',
  mrr: 'MRR',
};

/** Columns of the CSV output. */
export const trendColumns: readonly Column[] = [
  ...['label', 'start', 'end', 'complete', 'uses', 'tokens', 'cost', 'active_customers', 'new_subscriptions'],
  ...['ended_subscriptions', 'subscriptions', 'mrr', 'currency'],
].map((key) => ({ key }));

/** The charts, and the months as a table with a sparkline under each column. */
export function trendSections({ months, currency, cost_currency: cost, timezone }: Trends): Section[] {
  const last = months.at(-1);
  const lines = Object.fromEntries(
    numbers.map((key) => [key, sparkline(months.map((row) => textOf(row[key])))]),
  );
  return [
    { charts: monthCharts(months, { currency, cost }) },
    {
      title: `Months in ${timezone}`,
      columns: [
        { key: 'label', title: 'month', show: String },
        ...numbers.map((key): Column => ({ key, align: 'right', ...(short[key] && { title: short[key] }) })),
      ],
      rows: [...months.map((row) => ({ ...row })), { label: '', ...lines }],
    },
    {
      entries: [
        ['cost', `in ${cost}; MRR in ${currency}, at the end of the month`],
        ...(last && !last.complete ? ([['in progress', last.label]] as [string, unknown][]) : []),
      ],
    },
  ];
}

/** The charts of trends and dashboard. */
export function monthCharts(
  months: readonly MonthRow[],
  { currency, cost }: { currency: string; cost: string },
): Chart[] {
  const labels = months.map(({ label }) => label);
  const chart = (title: string, key: (typeof numbers)[number], kind: Chart['kind'] = 'bar'): Chart => ({
    ...{ title, kind, labels },
    values: months.map((row) => textOf(row[key])),
  });
  return [
    chart('Uses', 'uses'),
    chart(`Cost, ${cost}`, 'cost'),
    chart('Active customers', 'active_customers', 'line'),
    chart(`MRR, ${currency}`, 'mrr', 'line'),
    chart('New subscriptions', 'new_subscriptions'),
    chart('Ended subscriptions', 'ended_subscriptions'),
  ];
}

const textOf = (value: string | number | null): string | null => (value === null ? null : String(value));
