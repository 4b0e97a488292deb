import type { Row } from '../database/columns.ts';
import type { Db } from '../database/connect.ts';
import type { changes } from '../database/schema/customers.ts';

/** One command, run or administrative call that wrote. */
export interface ChangeRow extends Pick<Row<typeof changes>, 'at' | 'id' | 'actor' | 'action' | 'reason'> {
  asked: Record<string, unknown>;
}

export interface ChangeFilter {
  customer?: string | undefined;
  actor?: string | undefined;
  action?: string | undefined;
  from?: Date | undefined;
  /** excluded */
  to?: Date | undefined;
  limit: number;
}

/** Lists the newest changes, at most `limit`. With `customer` those that wrote something of this customer. */
export async function listChanges(db: Db, filter: ChangeFilter): Promise<ChangeRow[]> {
  const { customer = null, actor = null, action = null, from = null, to = null, limit } = filter;
  return db<ChangeRow[]>`
    select c.at, c.id, c.actor, c.action, c.reason, c.asked from subctl.changes c
     where (${customer}::text is null
            or c.id in (select t.change_id from subctl.audit_trail t where t.customer_id = ${customer}))
       and (${actor}::text is null or c.actor = ${actor})
       and (${action}::text is null or c.action = ${action})
       and (${from}::timestamptz is null or c.at >= ${from})
       and (${to}::timestamptz is null or c.at < ${to})
     order by c.at desc, c.id collate "C" desc
     limit ${limit}`;
}
