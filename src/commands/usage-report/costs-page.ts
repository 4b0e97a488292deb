import { sumAmounts } from '../../domain/amounts.ts';
import { inCurrency } from '../../domain/currency-digits.ts';
import type { CostGroup, CostRow } from '../../reports/cost-by.ts';
import type { MarginRow } from '../../reports/margin.ts';
import type { Column, RowsOutcome } from '../../terminal/outcome.ts';
import { showCost } from '../../terminal/rounded.ts';

const totalOf = (values: readonly (string | null)[]): string =>
  sumAmounts(values.map((value) => value ?? '0'));

const percent = (value: unknown): string => (value === null ? '-' : `${String(value)} %`);

/** A table of costs by one grouping, whose column has the name of the grouping. */
export function costTable(
  rows: readonly CostRow[],
  { by, currency }: { by: CostGroup; currency: string },
): RowsOutcome {
  const unpriced = rows.reduce((sum, row) => sum + row.unpriced, 0);
  const columns: Column[] = [
    ...(by === 'model' ? [{ key: 'provider' }] : []),
    { key: by },
    { key: 'uses', align: 'right' },
    { key: 'tokens', align: 'right' },
    { key: 'cost', align: 'right', show: (cost) => showCost(cost as string, currency) },
    { key: 'share', align: 'right', show: percent },
    { key: 'unpriced', align: 'right' },
  ];
  return {
    title: `Costs by ${by}, ${currency}`,
    columns,
    rows: rows.map(({ name, ...row }) => ({ ...row, [by]: name })),
    footer: [`total: ${showCost(totalOf(rows.map(({ cost }) => cost)), currency)} ${currency}`],
    empty: 'No usage',
    notes:
      unpriced > 0
        ? [
            `${unpriced} ${unpriced === 1 ? 'event has' : 'events have'} no price and no cost in this report: subctl pricing unpriced`,
          ]
        : [],
  };
}

/** A table of revenue, cost and margin. */
export function marginTable(
  rows: readonly MarginRow[],
  { by, currency }: { by: 'plan' | 'customer'; currency: string },
): RowsOutcome {
  const ours = rows.filter((row) => row.currency === currency);
  const others = [...new Set(rows.filter((row) => row.currency !== currency).map((row) => row.currency))];
  const total = (key: 'revenue' | 'cost' | 'margin') =>
    inCurrency(totalOf(ours.map((row) => row[key])), currency);
  return {
    title: `Margin by ${by}`,
    columns: [
      { key: by },
      { key: 'currency', title: '' },
      { key: 'plans', align: 'right', optional: true },
      { key: 'overage', align: 'right', optional: true },
      { key: 'refunds', align: 'right', optional: true },
      { key: 'revenue', align: 'right' },
      { key: 'cost', align: 'right' },
      { key: 'margin', align: 'right' },
      { key: 'margin_percent', title: 'margin %', align: 'right' },
      { key: 'markup_percent', title: 'markup %', align: 'right' },
    ],
    rows: rows.map(({ name, ...row }) => ({ ...row, [by]: name })),
    footer: [
      `total: ${total('revenue')} - ${total('cost')} = ${total('margin')} ${currency}; revenue by accrual`,
    ],
    empty: 'No revenue and no cost',
    notes: others.map(
      (other) =>
        `Revenue in ${other} is not compared with costs in ${currency}: there is no currency conversion`,
    ),
  };
}
