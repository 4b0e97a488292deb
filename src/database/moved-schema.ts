import { Failure } from '../domain/failure.ts';
import type { Db } from './connect.ts';

const prefix = 'subctl_moved_';
const internalPrefix = 'subctl_internal_moved_';

/** Renames schema subctl, whose contents are in another place now, and subctl_internal with it, and notes where. Returns the new name. */
export async function markSchemaMoved(tx: Db, place: string): Promise<string> {
  const [row] = await tx<{ name: string; note: string; internal: boolean }[]>`
    select to_regnamespace('subctl_internal') is not null as internal, ${prefix} || to_char(now() at time zone 'UTC', 'YYYYMMDD"t"HH24MISS') as name,
           quote_literal(${`moved to ${place}`} || to_char(now() at time zone 'UTC', '" on "YYYY-MM-DD" at "HH24:MI" UTC"')) as note`;
  const { name, note, internal } = row!;
  await tx.unsafe(`alter schema "subctl" rename to ${name}`);
  if (internal) await tx.unsafe(`alter schema subctl_internal rename to ${internalOf(name)}`);
  await tx.unsafe(`comment on schema ${name} is ${note}`);
  return name;
}

/** The schema of the functions that belongs to a moved one. */
const internalOf = (name: string): string => name.replace(prefix, internalPrefix);

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
    hint: `use that one; the old contents are in the schemas ${row.name} and ${internalOf(row.name)}, and when they are dropped this database is free for a new setup`,
  });
}
