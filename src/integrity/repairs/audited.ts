import type { Change } from '../../database/change.ts';
import type { Db } from '../../database/connect.ts';
import type { Statement } from '../check.ts';

/**
 * Runs a statement that writes and returns `customer_id, entity, entity_key, before, after` of each row, and audits these rows under the
 * change. Returns their number.
 */
export async function audited(tx: Db, change: Change, written: Statement): Promise<number> {
  const [row] = await tx<[{ rows: number }]>`
    with written as (${written}), kept as (
      insert into subctl.audit_log (customer_id, change_id, id, entity, entity_key, before, after)
      select w.customer_id, ${change.id}, row_number() over (order by w.customer_id, w.entity_key)
             + coalesce((select max(a.id) from subctl.audit_log a where a.change_id = ${change.id}), 0),
             w.entity, w.entity_key, w.before, w.after
        from written w
      returning 1
    )
    select count(*)::int as rows from kept`;
  return row.rows;
}
