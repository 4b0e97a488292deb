import { Failure } from '../domain/failure.ts';
import type { Db } from './connect.ts';

const prefix = 'subctl_moved_';

/** Renames schema subctl, whose contents are in another place now, and notes where. Returns the new name. */
export async function markSchemaMoved(tx: Db, place: string): Promise<string> {
  const [row] = await tx<{ name: string; note: string }[]>`
    select ${prefix} || to_char(now() at time zone 'UTC', 'YYYYMMDD"t"HH24MISS') as name,
           quote_literal(${`moved to ${place}`} || to_char(now() at time zone 'UTC', '" on "YYYY-MM-DD" at "HH24:MI" UTC"')) as note`;
  const { name, note } = row!;
  await tx.unsafe(`alter schema "subctl" rename to ${name}`);
  await tx.unsafe(`comment on schema ${name} is ${note}`);
  return name;
}

/**
 * What to say where there is no schema subctl because it was moved elsewhere: making a new one would split what belongs together.
 * Undefined where it was not.
 */
export async function findMovedSchema(db: Db): Promise<Failure | undefined> {
  const [row] = await db<{ name: string; note: string | null }[]>`
    select nspname::text as name, obj_description(oid, 'pg_namespace') as note
      from pg_namespace where nspname ^@ ${prefix} order by nspname desc limit 1`;
  if (!row) return undefined;
  return new Failure('config', `The database was ${row.note ?? 'moved elsewhere'}`, {
    hint: `use that one; the old contents are in schema ${row.name}, and when it is dropped this database is free for a new setup`,
  });
}
