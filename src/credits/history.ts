import { needCustomer } from '../customers/find-customer.ts';
import type { Connection } from '../database/connect.ts';

export interface HistoryFilter {
  customer: string;
  from?: Date | undefined;
  to?: Date | undefined;
  limit?: number | undefined;
}

/** Lists a customer's ledger entries, oldest first, each with the balance after it, who caused it and why. Failure not_found. */
export async function* listHistory(
  connection: Connection,
  { customer, from, to, limit }: HistoryFilter,
): AsyncGenerator<Record<string, unknown>> {
  await needCustomer(connection, customer);
  const pages = connection<Record<string, unknown>[]>`
    select e.id, e.at, e.kind, trim_scale(e.amount)::text as amount, trim_scale(e.balance_after)::text as balance_after, g.source, e.grant_id as "grant",
           e.event_id as event, coalesce(e.reason, c.reason) as reason, c.actor, c.action, e.change_id as change
      from subctl.credit_entries e
      join subctl.credit_grants g on g.customer_id = e.customer_id and g.id = e.grant_id
      left join subctl.changes c on c.id = e.change_id
     where e.customer_id = ${customer} and e.at >= ${from ?? '-infinity'}::timestamptz and e.at < ${to ?? 'infinity'}::timestamptz
     order by e.id
     limit ${limit ?? null}`.cursor(500);
  for await (const page of pages) yield* page;
}
