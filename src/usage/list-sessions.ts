import { needCustomer } from '../customers/find-customer.ts';
import type { Connection } from '../database/connect.ts';
import { findEventSpan } from '../database/event-span.ts';

/** A session: its usage, and the times of its first and last use. */
export interface SessionRow extends Record<string, unknown> {
  session: string;
  uses: number;
  tokens: string;
  cost: string;
  first_at: Date;
  last_at: Date;
}

/**
 * Lists the sessions of a customer with a use in [from, to), the latest first, with their totals in that span; a reversed use does not
 * count. Reads by cursor: memory does not grow with their number. Failure not_found.
 */
export async function* listSessions(
  connection: Connection,
  { customer, from, to }: { customer: string; from?: Date | undefined; to?: Date | undefined },
): AsyncGenerator<SessionRow> {
  await needCustomer(connection, customer);
  const span = await findEventSpan(connection, { from, to });
  const pages = connection<SessionRow[]>`
    select e.session_id as session, sum(case when e.reverses is null then 1 else -1 end)::int as uses, trim_scale(coalesce(sum(e.tokens), 0))::text as tokens,
           trim_scale(coalesce(sum(e.cost), 0))::text as cost, min(e.at) as first_at, max(e.at) as last_at
      from subctl.usage_events e
     where e.customer_id = ${customer} and e.session_id is not null
       and e.at >= ${span.from}::timestamptz and e.at < ${span.to}::timestamptz
     group by e.session_id
     order by max(e.at) desc, e.session_id collate "C"`.cursor(500);
  for await (const page of pages) yield* page;
}
