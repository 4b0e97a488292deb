import { hostname } from 'node:os';
import { call } from './call.ts';
import type { Row } from './columns.ts';
import type { Db } from './connect.ts';
import type { changes } from './schema/customers.ts';
import { refuseSecrets } from './secrets.ts';
import { uuid7 } from './uuid7.ts';

/** Who writes, why, and what was asked of which command or task. */
export interface ChangeRequest {
  now: Date;
  actor: string;
  /** The command or task, as typed: 'plans edit', 'reset-credits'. */
  action: string;
  reason?: string | undefined;
  /** Arguments and options, without secrets and personal fields. */
  asked?: Record<string, unknown>;
}

/** A change under way in a transaction; history rows carry its `id`. */
export type Change = Pick<Row<typeof changes>, 'id' | 'at' | 'actor' | 'reason'>;

/** Before and after of one row. `customer` is '' for catalogue rows; null `before` is a new row, null `after` a removed one. */
export interface AuditRow {
  customer?: string;
  entity: string;
  key: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

/** Fields of a person: the audit says that they changed, never what they were (DESIGN §3). */
const personal = new Set(['email', 'name', 'metadata']);

/** Failure usage for an instant that is too far from the machine's clock to write as of (R9). */
export async function checkWriteTime(db: Db, at: Date): Promise<void> {
  await call(db, 'subctl_internal.check_write_time', { as_of: at });
}

/** Opens a change: one row in `subctl.changes` in the caller's transaction (M3, M4). */
export async function recordChange(tx: Db, request: ChangeRequest): Promise<Change> {
  await checkWriteTime(tx, request.now);
  await refuseSecrets(tx, [{ ...request.asked, ...(request.reason && { reason: request.reason }) }]);
  const id = uuid7(request.now);
  await tx`
    insert into subctl.changes (id, at, actor, action, reason, asked, host, program)
    values (${id}, ${request.now}, ${request.actor}, ${request.action}, ${request.reason ?? null},
            ${tx.json((request.asked ?? {}) as never)}, ${hostname()}, 'subctl')`;
  return { id, at: request.now, actor: request.actor, reason: request.reason ?? null };
}

/** Writes what a change did to rows, in the same transaction; rows that did not change are left out. */
export async function audit(tx: Db, change: Change, rows: readonly AuditRow[]): Promise<void> {
  const changed = rows.map(onlyDifferences).filter((row) => row !== null);
  if (changed.length === 0) return;
  await refuseSecrets(
    tx,
    rows.map(({ after }) => after ?? {}),
  );
  await tx`
    insert into subctl.audit_log (customer_id, change_id, id, entity, entity_key, before, after)
    select coalesce(r->>'customer', ''), ${change.id},
           n + coalesce((select max(id) from subctl.audit_log where change_id = ${change.id}), 0),
           r->>'entity', r->>'key', nullif(r->'before', 'null'), nullif(r->'after', 'null')
      from jsonb_array_elements(${tx.json(changed as never)}) with ordinality as rows(r, n)`;
}

function onlyDifferences(row: AuditRow): AuditRow | null {
  const keys = new Set([...Object.keys(row.before ?? {}), ...Object.keys(row.after ?? {})]);
  const differs = [...keys].filter((key) => json(row.before?.[key]) !== json(row.after?.[key]));
  if (row.before && row.after && differs.length === 0) return null;
  const pick = (side: Record<string, unknown> | null): Record<string, unknown> | null =>
    side &&
    Object.fromEntries(
      differs
        .filter((key) => key in side)
        .map((key) => [key, personal.has(key) && row.customer ? 'changed' : side[key]]),
    );
  return { ...row, before: pick(row.before), after: pick(row.after) };
}

const json = (value: unknown): string => JSON.stringify(value ?? null);
