import type { Db } from '../database/connect.ts';
import type { Span } from './span.ts';

/** A provider: its calls, their cost, their latency and their error rate. */
export interface ProviderRow {
  provider: string;
  calls: number;
  tokens: string;
  cost: string;
  /** of the calls with a latency; null where none has one */
  mean_latency_ms: string | null;
  errors: number;
  /** failed calls in percent of all calls; null where all were reversed */
  error_percent: string | null;
}

/**
 * Lists the providers that were called in the span, the most calls first. Counts and sums come from the events themselves, so a mean
 * covers all calls and a rate all counts; a reversed use is not a call.
 */
export async function listProviders(db: Db, { from, to }: Span): Promise<ProviderRow[]> {
  return db<ProviderRow[]>`
    select provider, calls, trim_scale(tokens)::text as tokens, trim_scale(cost)::text as cost, trim_scale(round(latency, 1))::text as mean_latency_ms, errors,
           trim_scale(round(errors * 100.0 / nullif(calls, 0), 2))::text as error_percent
      from (select e.provider, sum(s.sign)::int as calls, coalesce(sum(e.tokens), 0) as tokens, coalesce(sum(e.cost), 0) as cost,
                   avg(e.latency_ms) filter (where e.reverses is null) as latency,
                   coalesce(sum(s.sign) filter (where subctl_internal.usage_failed(e.status)), 0)::int as errors
              from subctl.usage_events e cross join lateral (select case when e.reverses is null then 1 else -1 end as sign) s
             where e.provider is not null and e.at >= ${from} and e.at < ${to}
             group by e.provider) p
     order by calls desc, provider collate "C"`;
}
