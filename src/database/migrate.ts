import { Failure } from '../domain/failure.ts';
import { applyFunctions } from './apply-functions.ts';
import { applyMigrations } from './apply-migrations.ts';
import { call } from './call.ts';
import {
  type BundledSql,
  functionsDigest,
  oldestProgram,
  type Program,
  readBundledSql,
  schemaVersion,
  type SqlFile,
} from './bundled-sql.ts';
import type { Connection, Db } from './connect.ts';
import { inOrderOfUse } from './function-order.ts';
import { findMovedSchema } from './moved-schema.ts';
import { compareVersions, newerSchema, type SchemaState } from './schema-state.ts';
import { inTransaction } from './transaction.ts';

/** What was done, in order: nothing at all on a second run. */
export interface Migrated {
  applied: string[];
  functions: string[];
}

const lockKey = 7_316_001;

/**
 * Brings the database to this program's schema: the migrations it has not seen, each once and in order, then the functions and views
 * whose text changed. One transaction under a lock, so it happens wholly or not at all, and of two at once the second finds nothing to do.
 * @throws Failure config for a server before PostgreSQL 15, for a database that a newer program set up, and for a migration whose text
 * is no longer the one that was applied; refused when an application's own view or index depends on what must be replaced
 */
export async function migrate(connection: Connection, program: Program): Promise<Migrated> {
  return inTransaction(connection, async (tx) => migrateIn(tx, program));
}

/** The same inside the caller's transaction, which holds the lock until it ends: what follows is done by one at a time too. */
export async function migrateIn(tx: Db, { folder, program }: Program): Promise<Migrated> {
  const bundled = readBundledSql(folder);
  await refuseUnfitServer(tx);
  await tx`select pg_advisory_xact_lock(${lockKey})`;
  await refuseMovedSchema(tx);
  await makeRecords(tx);
  const recorded = await readRecords(tx);
  await refuseForeign(tx, { carried: bundled, recorded: recorded.migrations, program });
  const { applied, views } = await applyMigrations(tx, { ...bundled, recorded: recorded.migrations });
  views.names.forEach((name) => recorded.functions.delete(name));
  const functions = await applyFunctions(tx, { files: bundled.functions, recorded: recorded.functions });
  for (const statement of views.grants) await tx.unsafe(statement);
  // what plans count is compiled by these: an older compilation may miss windows
  if (functions.some((name) => ['rules_of', 'version_limits'].includes(name)))
    await call(tx, 'subctl_internal.compile_all', {});
  await writeRecords(tx, { carried: bundled, applied, functions, program });
  return { applied, functions };
}

/** What `migrateIn` would run, in its order; it writes nothing. Without `db` there is no database yet. @throws Failure config as it does */
export async function planMigration(db: Db | undefined, { folder, program }: Program): Promise<SqlFile[]> {
  const bundled = readBundledSql(folder);
  const none = { migrations: new Map<string, string>(), functions: new Map<string, string>() };
  const isNew = !db || !(await hasRecords(db));
  const recorded = isNew ? none : await readRecords(db);
  if (db) {
    await refuseUnfitServer(db);
    await refuseMovedSchema(db);
    await refuseForeign(db, { carried: bundled, recorded: recorded.migrations, program });
  }
  const functions = inOrderOfUse(bundled.functions).filter(
    ({ name, checksum }) => recorded.functions.get(name) !== checksum,
  );
  const first = {
    name: 'schema',
    path: 'schema',
    text: (await missingRecords(db)).map((statement) => `${statement};`).join('\n'),
    checksum: '',
  };
  return [
    ...(first.text === '' ? [] : [first]),
    ...bundled.migrations.filter(({ name }) => !recorded.migrations.has(name)),
    ...functions.map((file) => ({ ...file, name: file.path })),
  ];
}

async function hasRecords(db: Db): Promise<boolean> {
  const [found] = await db<
    [{ there: boolean }]
  >`select to_regclass('subctl.migrations') is not null as there`;
  return found.there;
}

/** The program that has set the database up last; undefined where none has. */
export async function programBefore(tx: Db): Promise<string | undefined> {
  const [found] = await tx<{ table: string | null }[]>`select to_regclass('subctl.settings')::text as table`;
  if (!found?.table) return undefined;
  const [row] = await tx<
    { program: string }[]
  >`select value->>'program' as program from subctl.settings where key = 'schema'`;
  return row?.program;
}

/** @throws Failure config for a server before PostgreSQL 15, and for a database in whose encoding our texts cannot be written */
export async function refuseUnfitServer(tx: Db): Promise<void> {
  const [server] = await tx<{ number: string; version: string; encoding: string }[]>`
    select current_setting('server_version_num') as number, current_setting('server_version') as version,
           current_setting('server_encoding') as encoding`;
  if (Number(server?.number) < 150_000)
    throw new Failure('config', `PostgreSQL ${server?.version} is too old: subctl needs 15 or later`, {
      hint: 'upgrade the server, or name another in DATABASE_URL',
    });
  if (!['UTF8', 'SQL_ASCII'].includes(server!.encoding))
    throw new Failure('config', `The database has the encoding ${server?.encoding}: subctl needs UTF8`, {
      hint: "name a database made by: create database NAME template template0 encoding 'UTF8'",
    });
}

async function refuseMovedSchema(tx: Db): Promise<void> {
  const [found] = await tx<{ schema: boolean }[]>`select to_regnamespace('subctl') is not null as schema`;
  const moved = found?.schema ? undefined : await findMovedSchema(tx);
  if (moved) throw moved;
}

const makesSchema = 'create schema subctl';
/** The functions that no application calls. */
const makesInternal = 'create schema subctl_internal';
const makesMigrations =
  'create table subctl.migrations (name text primary key, checksum text not null, applied_at timestamptz not null)';

/** Makes the schemas and the table of migrations. Asked first, because `if not exists` wants the right to create even where nothing is to be made. */
export async function makeRecords(tx: Db): Promise<void> {
  for (const statement of await missingRecords(tx)) await tx.unsafe(statement);
}

/** What makes the schemas and the table of migrations, as far as they are missing. Without `db` there is no database yet. */
async function missingRecords(db: Db | undefined): Promise<string[]> {
  const [found] = db
    ? await db<{ schema: boolean; internal: boolean; records: boolean }[]>`
        select to_regnamespace('subctl') is not null as schema, to_regnamespace('subctl_internal') is not null as internal,
               to_regclass('subctl.migrations') is not null as records`
    : [];
  return [
    ...(found?.schema ? [] : [makesSchema]),
    ...(found?.internal ? [] : [makesInternal]),
    ...(found?.records ? [] : [makesMigrations]),
  ];
}

/** What the database has, migrations and functions apart; a function's row is called `engine/<name>`. */
async function readRecords(tx: Db) {
  const rows = await tx<{ name: string; checksum: string }[]>`select name, checksum from subctl.migrations`;
  const prefix = 'engine/';
  const isFunction = ({ name }: { name: string }) => name.startsWith(prefix);
  return {
    migrations: new Map(rows.filter((row) => !isFunction(row)).map((row) => [row.name, row.checksum])),
    functions: new Map(rows.filter(isFunction).map((row) => [row.name.slice(prefix.length), row.checksum])),
  };
}

/** Refuses to touch a database that a newer program has set up, and one whose migrations are not ours. */
async function refuseForeign(
  tx: Db,
  {
    carried: bundled,
    recorded,
    program,
  }: { carried: BundledSql; recorded: ReadonlyMap<string, string>; program: string },
): Promise<void> {
  const version = schemaVersion(bundled.migrations.map(({ name }) => name));
  const at = schemaVersion([...recorded.keys()]);
  if (recorded.size > 0) {
    const [row] = await tx<
      { state: SchemaState }[]
    >`select value as state from subctl.settings where key = 'schema'`;
    const digest = functionsDigest(bundled.functions);
    const isNewer = row && row.state.functions !== digest && compareVersions(row.state.program, program) > 0;
    if (at > version || isNewer)
      throw newerSchema(version, {
        version: at,
        program: row?.state.program ?? 'a later version',
        ours: program,
      });
  }
  for (const [name, checksum] of recorded) {
    const file = bundled.migrations.find((migration) => migration.name === name);
    if (file?.checksum === checksum) continue;
    const why = file ? 'has another text in this program' : 'is not known to this program';
    throw new Failure('config', `The migration ${name}, which this database has, ${why}`, {
      hint: 'install the release of subctl that set the database up',
    });
  }
}

async function writeRecords(
  tx: Db,
  { carried: bundled, applied, functions, program }: Migrated & { carried: BundledSql; program: string },
): Promise<void> {
  const gone = functions.filter((name) => !bundled.functions.some((file) => file.name === name));
  const rows = [
    ...bundled.migrations.filter(({ name }) => applied.includes(name)),
    ...bundled.functions
      .filter(({ name }) => functions.includes(name))
      .map((file) => ({ ...file, name: `engine/${file.name}` })),
  ];
  await tx`delete from subctl.migrations where name = any(${gone.map((name) => `engine/${name}`)}::text[])`;
  await tx`
    insert into subctl.migrations (name, checksum, applied_at)
    select name, checksum, clock_timestamp()
      from unnest(${rows.map(({ name }) => name)}::text[], ${rows.map(({ checksum }) => checksum)}::text[]) as file(name, checksum)
    on conflict (name) do update set checksum = excluded.checksum, applied_at = excluded.applied_at`;
  const state: SchemaState = {
    version: schemaVersion(bundled.migrations.map(({ name }) => name)),
    functions: functionsDigest(bundled.functions),
    program,
    oldest_program: oldestProgram,
  };
  await tx`
    insert into subctl.settings (key, value, updated_at) values ('schema', ${tx.json({ ...state })}, clock_timestamp())
    on conflict (key) do update set value = excluded.value, updated_at = excluded.updated_at
     where settings.value <> excluded.value`;
}
