import type { auditTrail } from '../database/schema/views.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import type { ChangeRow } from './list-changes.ts';

/** The effect of one change on one row; null `before` is a new row, null `after` a deleted one. */
export interface WrittenRow extends Pick<typeof auditTrail.$inferSelect, 'entity' | 'before' | 'after'> {
  /** null: of the catalogue */
  customer: string | null;
  key: string;
}

export interface WholeChange extends ChangeRow {
  host: string | null;
  program: string | null;
  /** rows written in total */
  rows_written: number;
  /** the first of them */
  rows: WrittenRow[];
}

/**
 * Reads a change and the first `limit` rows that it wrote: of the audit log, and of the histories that are their own audit.
 * @throws Failure not_found
 */
export async function getChange(db: Db, { id, limit }: { id: string; limit: number }): Promise<WholeChange> {
  const [change] = await db<Omit<WholeChange, 'rows' | 'rows_written'>[]>`
    select at, id, actor, action, reason, asked, host, program from subctl.changes where id = ${id}`;
  if (!change) throw new Failure('not_found', `There is no change ${id}`, { hint: 'subctl audit list' });
  const found = await db<(WrittenRow & { all: number })[]>`
    select nullif(t.customer_id, '') as customer, t.entity, t.entity_key as key, t.before, t.after, (count(*) over ())::int as all
      from subctl.audit_trail t where t.change_id = ${id}
     order by t.customer_id collate "C", t.position, t.entity, t.entity_key collate "C" limit ${limit}`;
  const rows = found.map(({ customer, entity, key, before, after }) => ({
    customer,
    entity,
    key,
    before,
    after,
  }));
  return { ...change, rows_written: found[0]?.all ?? 0, rows };
}
