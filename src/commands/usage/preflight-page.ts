import type { RecordOutcome, Row } from '../../terminal/outcome.ts';
import type { Preflight } from '../../usage/preflight.ts';

interface Asked {
  uses: readonly Record<string, unknown>[];
  reserve: boolean;
  timezone: string;
}

/** The output of a checked list: the verdict, the totals, and each event. */
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
        title: 'Events',
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
    return `event ${refused_at} of ${count} does not fit, nothing is reserved: ${message}`;
  return reserve ? `all ${count} are reserved until ${expires_at}` : `all ${count} fit`;
}

function facts({ totals, resets_at, allowed }: Preflight): [string, unknown][] {
  const meters = Object.entries(totals.meters).map(([meter, amount]) => `${amount} ${meter}`);
  return [
    ...(resets_at ? ([['available again', new Date(resets_at)]] as [string, unknown][]) : []),
    [allowed ? 'total' : 'total before it', meters.join(', ') || 'nothing counted'],
    ...(totals.credits === '0' ? [] : ([['credits', totals.credits]] as [string, unknown][])),
    ...(totals.cost === '0'
      ? []
      : ([['cost', `${totals.cost}${totals.unpriced ? ' plus unpriced events' : ''}`]] as [
          string,
          unknown,
        ][])),
  ];
}

/** A list is checked up to its first refusal; later events are not checked. */
function fitOf(use: number, refusedAt: number | null): string {
  if (refusedAt === null || use < refusedAt) return 'yes';
  return use === refusedAt ? 'no' : 'not checked';
}

function rowsOf({ uses, refused_at }: Preflight, asked: readonly Record<string, unknown>[]): Row[] {
  return asked.map(({ kind, quantity = '1' }, at) => ({
    ...{ use: at + 1, kind, quantity, reservation: uses[at]?.reservation ?? null },
    fits: fitOf(at + 1, refused_at),
  }));
}
