import type { Db } from '../database/connect.ts';

/** History, whose rows no role may change, not even its owner. */
const tables = ['audit_log', 'changes', 'credit_entries'] as const;

/**
 * Runs `work` with the right to change the tables that are only added to, which their owner gives itself for the time: an erasure is the
 * one thing that changes what they say, never what they count. Others never see the right: it is given and taken in one transaction.
 */
export async function whileWritable<T>(tx: Db, work: () => Promise<T>): Promise<T> {
  const closed = [];
  for (const table of tables) {
    const [row] = await tx<{ may: boolean }[]>`
      select exists (select from pg_class c cross join lateral aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a
                      where c.oid = ${`subctl.${table}`}::regclass and a.grantee = c.relowner and a.privilege_type = 'UPDATE') as may`;
    if (!row!.may) closed.push(table);
  }
  const all = closed.map((table) => `subctl.${table}`).join(', ');
  if (closed.length > 0) await tx.unsafe(`grant update on ${all} to current_user`);
  const done = await work();
  if (closed.length > 0) await tx.unsafe(`revoke update on ${all} from current_user`);
  return done;
}
