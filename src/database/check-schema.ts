import { Failure } from '../domain/failure.ts';
import type { Build } from './bundled-sql.ts';
import type { Connection, Db } from './connect.ts';
import { withoutOwnSession } from './own-session.ts';
import { compareVersions, newerSchema, otherBuild, type SchemaState } from './schema-state.ts';
import { findMovedSchema } from './moved-schema.ts';
import { sqlStateOf } from './server-error.ts';

/**
 * Resolves when this program may use the database, by one query. An older program may, as long as the newer one that set the
 * database up says so.
 * @throws Failure config when it is not set up, older than the program, or too new for it
 */
export async function checkSchema(db: Db, { program, version, digest }: Build): Promise<void> {
  const state = await readState(db);
  const age = compareVersions(program, state.program);
  if (state.version < version)
    throw olderSchema(`The database has schema ${state.version} and this program needs ${version}`);
  if (age < 0) {
    if (compareVersions(program, state.oldest_program) < 0)
      throw newerSchema(version, { version: state.version, program: state.oldest_program, ours: program });
    return;
  }
  if (state.version > version) throw newerSchema(version, { ...state, ours: program });
  if (digest === state.functions) return;
  throw olderSchema(
    age === 0
      ? otherBuild(program)
      : `The database has the functions of subctl ${state.program} and this is ${program}`,
  );
}

/** One statement in which nothing depends on the session: it takes no transaction, so it costs one round trip and not three. */
async function readState(db: Db): Promise<SchemaState> {
  const missing = (cause?: unknown) =>
    new Failure('config', 'The database is not set up for subctl', { hint: 'run: subctl setup', cause });
  try {
    const [row] = await withoutOwnSession(db as Connection)<
      { state: SchemaState }[]
    >`select value as state from subctl.settings where key operator(pg_catalog.=) 'schema'`;
    if (!row) throw missing();
    return row.state;
  } catch (error) {
    if (!['42P01', '3F000'].includes(sqlStateOf(error) ?? '')) throw error;
    throw (await findMovedSchema(db).catch(() => undefined)) ?? missing(error);
  }
}

function olderSchema(message: string): Failure {
  return new Failure('config', message, { hint: 'bring it up to date with: subctl setup' });
}
