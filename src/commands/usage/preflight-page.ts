import type { RecordOutcome, Row } from '../../terminal/outcome.ts';
import type { Preflight } from '../../usage/preflight.ts';

interface Asked {
  uses: readonly Record<string, unknown>[];
  reserve: boolean;
  timezone: string;
}

/** What people see of a list that was checked as a whole: the verdict, what it comes to, and each use. */
export function preflightPage(answer: Preflight, { uses, reserve, timezone }: Asked): RecordOutcome {
  return {
    record: { ...answer },
    timezone,
    sections: [
      {
        entries: [
          [answer.allowed ? 'allowed' : 'refused', sentence(answer, uses.length, reserve)],
          ...facts(answer),
        ],
      },
      {
        title: 'Uses',
        columns: [
          { key: 'use', align: 'right' },
          { key: 'kind' },
          { key: 'quantity', align: 'right' },
          { key: 'fits' },
          { key: 'reservation', optional: true },
        ],
        rows: rowsOf(answer, uses),
      },
    ],
    ...(!answer.allowed && { exit: 'refused' as const }),
  };
}

function sentence({ refused_at, message, expires_at }: Preflight, count: number, reserve: boolean): string {
  if (refused_at !== null)
    return `use ${refused_at} of ${count} does not fit, and nothing is held: ${message}`;
  return reserve ? `all ${count} are held until ${expires_at}` : `all ${count} fit together`;
}

function facts({ totals, resets_at, allowed }: Preflight): [string, unknown][] {
  const meters = Object.entries(totals.meters).map(([meter, amount]) => `${amount} ${meter}`);
  return [
    ...(resets_at ? ([['room again', new Date(resets_at)]] as [string, unknown][]) : []),
    [allowed ? 'together' : 'before it', meters.join(', ') || 'nothing that is counted'],
    ...(totals.credits === '0' ? [] : ([['credits', totals.credits]] as [string, unknown][])),
    ...(totals.cost === '0'
      ? []
      : ([['cost', `${totals.cost}${totals.unpriced ? ' and what has no known price' : ''}`]] as [
          string,
          unknown,
        ][])),
  ];
}

/** A list is checked up to its first refusal: what stands after it is not asked. */
function fitOf(use: number, refusedAt: number | null): string {
  if (refusedAt === null || use < refusedAt) return 'yes';
  return use === refusedAt ? 'no' : 'not asked';
}

function rowsOf({ uses, refused_at }: Preflight, asked: readonly Record<string, unknown>[]): Row[] {
  return asked.map(({ kind, quantity = '1' }, at) => ({
    ...{ use: at + 1, kind, quantity, reservation: uses[at]?.reservation ?? null },
    fits: fitOf(at + 1, refused_at),
  }));
}
