import { needCustomer } from '../customers/find-customer.ts';
import type { Connection } from '../database/connect.ts';
import { findEventSpan } from '../database/event-span.ts';

export interface EventFilter {
  customer: string;
  /** from this instant on */
  from?: Date | undefined;
  /** before this instant */
  to?: Date | undefined;
  kind?: string | undefined;
  session?: string | undefined;
  member?: string | undefined;
  limit?: number | undefined;
}

/** Reads the events of a customer, oldest first, by cursor: memory does not grow with their number. Failure not_found. */
export async function* listEvents(
  connection: Connection,
  { customer, from, to, kind, session, member, limit }: EventFilter,
): AsyncGenerator<Record<string, unknown>> {
  await needCustomer(connection, customer);
  const span = await findEventSpan(connection, { from, to });
  const pages = connection<Record<string, unknown>[]>`
    select e.at, e.id, e.kind, trim_scale(e.quantity)::text as quantity, e.provider, e.model, e.tier, trim_scale(e.input_tokens)::text as input_tokens,
           trim_scale(e.output_tokens)::text as output_tokens, trim_scale(e.cached_tokens)::text as cached_tokens, trim_scale(e.tokens)::text as tokens,
           e.units, e.estimated, trim_scale(e.cost)::text as cost, e.unpriced, trim_scale(e.credits)::text as credits, e.member_id as member,
           e.session_id as session, e.status, e.latency_ms, e.endpoint, e.already_spent, e.plan_id as plan, e.recorded_at, e.metadata, e.reverses
      from subctl.usage_events e
     where e.customer_id = ${customer} and e.at >= ${span.from}::timestamptz and e.at < ${span.to}::timestamptz
       and (${kind ?? null}::text is null or e.kind = coalesce((select canonical from subctl.kinds where id = ${kind ?? null}), ${kind ?? null}))
       and (${session ?? null}::text is null or e.session_id = ${session ?? null}) and (${member ?? null}::text is null or e.member_id = ${member ?? null})
     order by e.at, e.id
     limit ${limit ?? null}`.cursor(500);
  for await (const page of pages) yield* page;
}
