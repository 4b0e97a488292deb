import { barsOf } from '../../terminal/bar.ts';
import type { Column, RowsOutcome, Section } from '../../terminal/outcome.ts';
import { sparkline } from '../../terminal/sparkline.ts';
import type { Trend, TrendSeries } from '../../usage/trend.ts';

const columns: readonly Column[] = [
  { key: 'name', title: '' },
  { key: 'line', title: '' },
  { key: 'before', align: 'right' },
  { key: 'last', align: 'right' },
  { key: 'change', align: 'right', show: signed },
];

/** One line per series; a single series gets one line per interval. */
export function trendSections(trend: Trend): Section[] {
  const { customer, by, timezone, series } = trend;
  const points = series[0]?.points ?? [];
  const [first, last] = [points[0], points.at(-1)];
  const entries: [string, unknown][] = [
    [`${by}s`, first && last ? `${first.label} to ${last.label}, in ${timezone}` : 'none'],
    ...(last && !last.complete
      ? [['in progress', `${last.label}: not complete yet`] as [string, unknown]]
      : []),
  ];
  const head: Section = { title: `Usage of ${customer} by ${by}`, entries };
  const charts = series.map((each) => ({
    title: nameOf(each),
    kind: 'bar' as const,
    labels: each.points.map(({ label }) => label),
    values: each.points.map(({ amount }) => amount),
  }));
  if (series.length === 1) return [head, { charts }, one(series[0]!)];
  const rows = series.map((each) => {
    const [before, now] = [each.points.at(-2), each.points.at(-1)];
    const line = sparkline(each.points.map(({ amount }) => amount));
    return {
      name: nameOf(each),
      line,
      before: before?.amount ?? null,
      last: now?.amount ?? null,
      change: now?.change_percent ?? null,
    };
  });
  const titles: Record<string, string> = {
    before: points.at(-2)?.label ?? 'before',
    last: last?.label ?? 'last',
  };
  const titled = columns.map((column) =>
    column.key in titles ? { ...column, title: titles[column.key]! } : column,
  );
  return [head, { charts }, { columns: titled, rows }];
}

function one(series: TrendSeries): Section {
  const bars = barsOf(series.points.map(({ amount }) => amount));
  return {
    columns: [
      { key: 'label', title: '' },
      { key: 'amount', title: nameOf(series), align: 'right' },
      { key: 'change_percent', title: 'change', align: 'right', show: signed },
      { key: 'bar', title: '' },
    ],
    rows: series.points.map((point, at) => ({ ...point, bar: bars[at] })),
  };
}

function nameOf({ what, meter, unit }: TrendSeries): string {
  if (what === 'meter') return meter!;
  return what === 'cost' ? `cost, ${unit ?? ''}` : 'uses';
}

function signed(value: unknown): string {
  if (value === null) return '-';
  const text = String(value);
  return `${text.startsWith('-') || text === '0' ? '' : '+'}${text} %`;
}

/** One row per series and interval, for CSV. */
export function trendLines({ series }: Trend): RowsOutcome {
  return {
    columns: ['what', 'meter', 'label', 'start', 'end', 'complete', 'amount', 'change_percent', 'source'].map(
      (key) => ({ key }),
    ),
    rows: series.flatMap(({ what, meter, points }) => points.map((point) => ({ what, meter, ...point }))),
  };
}
