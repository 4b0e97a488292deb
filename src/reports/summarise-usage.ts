import type { Db } from '../database/connect.ts';
import { type StandingCounts, countStandings } from './count-standings.ts';
import { findSums, usesOf } from './event-sums.ts';
import { type MeterUse, type OpenWindows, readOpenWindows } from './open-windows.ts';
import type { Span } from './span.ts';

/** The whole business on one page. Amounts are decimal strings, counts are numbers. */
export interface Summary extends StandingCounts {
  events: number;
  tokens: string;
  cost: string;
  currency: string;
  unpriced_events: number;
  refusals: string;
  meters: MeterUse[];
}

/** The parts of the summary that other reports read too. */
interface Readings {
  standing: StandingCounts;
  windows: OpenWindows;
}

/**
 * Counts customers and subscriptions at `now`, usage of the windows open then, credits of the current cycles, and the events of the span.
 * Three statements, whatever the number of customers; the first two are skipped where `readings` has their answers.
 */
export async function summariseUsage(
  db: Db,
  { now, past, span }: { now: Date; past: boolean; span: Span },
  readings?: Readings,
): Promise<Summary> {
  const standing = readings?.standing ?? (await countStandings(db, { now, past })).total;
  const { meters, refusals } = readings?.windows ?? (await readOpenWindows(db, { now, span, near: 0 }));
  const [events] = await sumEvents(db, span);
  return { ...standing, ...events, refusals, meters };
}

type EventSums = Pick<Summary, 'events' | 'tokens' | 'cost' | 'currency' | 'unpriced_events'>;

async function sumEvents(db: Db, span: Span): Promise<[EventSums]> {
  const sums = await findSums(db, span);
  return db<[EventSums]>`
    select coalesce(sum(u.uses), 0)::int as events, trim_scale(coalesce(sum(u.tokens), 0))::text as tokens,
           trim_scale(coalesce(sum(u.cost), 0))::text as cost, subctl_internal.setting('cost_currency') as currency,
           coalesce(sum(u.unpriced), 0)::int as unpriced_events
      from ${usesOf(db, sums)} u`;
}
