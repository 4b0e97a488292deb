import type { Db } from '../database/connect.ts';
import { type StandingCounts, countStandings } from './count-standings.ts';
import type { Span } from './span.ts';

/** What is used of one meter in all the windows of one name that are open now. */
export interface MeterUse {
  meter: string;
  window: string;
  customers: number;
  used: string;
  refused: string;
}

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

/**
 * Counts customers and subscriptions as they stand at `now`, usage of the windows open then, credits of the cycles under way, and the
 * events of the span. Three statements, each over a set, however many customers there are; the first is not needed where `counts` has its
 * answer.
 */
export async function summariseUsage(
  db: Db,
  { now, past, span }: { now: Date; past: boolean; span: Span },
  counts?: StandingCounts,
): Promise<Summary> {
  const standing = counts ?? (await countStandings(db, { now, past })).total;
  const meters = await usedOfMeters(db, now);
  return { ...standing, ...(await eventsOf(db, span)), meters };
}

/** A window is open when it contains `now` and no reset has happened since it started. */
async function usedOfMeters(db: Db, now: Date): Promise<MeterUse[]> {
  return db<MeterUse[]>`
    select w.meter_id as meter, w.win as "window", count(*)::int as customers, trim_scale(sum(w.used))::text as used,
           trim_scale(sum(w.refused))::text as refused
      from subctl.windows_at(${now}) w
     where w.used > 0 or w.refused > 0
     group by w.meter_id, w.win order by w.meter_id collate "C", w.win collate "C"`;
}

async function eventsOf(db: Db, { from, to }: Span) {
  const [row] = await db<
    Pick<Summary, 'events' | 'tokens' | 'cost' | 'currency' | 'unpriced_events' | 'refusals'>[]
  >`
    select coalesce(sum(case when e.reverses is null then 1 else -1 end), 0)::int as events, trim_scale(coalesce(sum(e.tokens), 0))::text as tokens,
           trim_scale(coalesce(sum(e.cost), 0))::text as cost, subctl.setting('cost_currency') as currency,
           count(*) filter (where e.unpriced)::int as unpriced_events,
           (select trim_scale(coalesce(sum(w.refused), 0))::text from subctl.window_usage w
             where w.refused > 0 and w.window_start < ${to} and w.window_end > ${from}) as refusals
      from subctl.usage_events e where e.at >= ${from} and e.at < ${to}`;
  return row!;
}
