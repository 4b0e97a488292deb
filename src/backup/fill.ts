import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { applyFunctions } from '../database/apply-functions.ts';
import { applyMigrations } from '../database/apply-migrations.ts';
import { type Program, readBundledSql, schemaVersion } from '../database/bundled-sql.ts';
import type { Db } from '../database/connect.ts';
import { makeRecords, type Migrated, migrateIn, refuseUnfitServer } from '../database/migrate.ts';
import { newerSchema } from '../database/schema-state.ts';
import { Failure } from '../domain/failure.ts';
import { countLines } from './archive.ts';
import { type Counted, countTable, disagreements } from './count.ts';
import { applyGrants } from './grants.ts';
import { type Inventory, readTables } from './inventory.ts';
import type { ArchivedTable } from './read-archive.ts';
import { copied, quoted, useArchiveSettings } from './session.ts';

export interface FillRequest {
  /** what the rows come from */
  from: Inventory;
  /** gives what the rows are when all of them are read */
  tables: AsyncGenerator<ArchivedTable, { tables: Counted[] }>;
  program: Program;
  /** told how many rows are written, and of which table */
  progress: (rows: number, table: string) => void;
}

/** What was written. `upgraded` has what this program's later schema brought; `missing` the roles that the server does not have. */
export interface Filled {
  tables: Counted[];
  upgraded: Migrated | undefined;
  missing: string[];
}

/**
 * Makes schema subctl in a database that has none and writes the rows of another into it, all in the transaction `tx`: whatever ends it
 * on the way leaves nothing. The schema is made by the migrations that the other had, then come the rows, then the functions, so that no
 * trigger sees them. Rows are counted and compared before the commit. A later program then brings the schema up to date.
 * @throws Failure conflict when the database has a schema subctl; config when it is made by a later program, or by other migrations;
 * refused when what was written is not what was read
 */
export async function fill(tx: Db, { from, tables, program, progress }: FillRequest): Promise<Filled> {
  await refuseUnfitServer(tx);
  await refuseFull(tx);
  const carried = readBundledSql(program.folder);
  const isSame = requireKnown(from, program);
  await makeRecords(tx);
  const names = new Set(from.applied.map(({ name }) => name));
  const migrations = carried.migrations.filter(({ name }) => names.has(name));
  await applyMigrations(tx, { migrations, functions: [], recorded: new Map() });
  await useArchiveSettings(tx);
  await makeTables(tx, from);
  const counted = await writeRows(tx, tables, progress);
  for (const { name, value, called } of from.sequences)
    await tx`select setval(${`subctl.${quoted(name)}`}::regclass, ${value}::bigint, ${called})`;
  await compare(tx, from, counted);
  const upgraded = isSame ? undefined : await upgrade(tx, program);
  if (isSame) await applyFunctions(tx, { files: carried.functions, recorded: new Map() });
  const { missing } = await applyGrants(tx, from.grants);
  await tx.unsafe(`analyze ${from.tables.map(({ name }) => `subctl.${quoted(name)}`).join(', ')}`);
  return { tables: counted, upgraded, missing };
}

/** @throws Failure conflict when there is a schema subctl or subctl_internal */
export async function refuseFull(tx: Db): Promise<void> {
  const [found] = await tx<{ database: string; schema: string | null }[]>`
    select current_database()::text as database,
           (select min(nspname)::text from pg_namespace where nspname in ('subctl', 'subctl_internal')) as schema`;
  if (found!.schema === null) return;
  throw new Failure('conflict', `The database '${found!.database}' already has a schema ${found!.schema}`, {
    hint: 'restore into an empty database, or into a new folder with --into',
  });
}

/**
 * Whether the functions and the schema of an archive are all those of this program.
 * @throws Failure config when the program cannot make them, because they are later or other than its own
 */
export function requireKnown({ applied, schema }: Inventory, { folder, program }: Program): boolean {
  const carried = readBundledSql(folder);
  const ours = new Map([
    ...carried.migrations.map(({ name, checksum }) => [name, checksum] as const),
    ...carried.functions.map(({ name, checksum }) => [`engine/${name}`, checksum] as const),
  ]);
  const version = schemaVersion(carried.migrations.map(({ name }) => name));
  if (schema.version > version) throw newerSchema(version, { ...schema, ours: program });
  for (const { name, checksum } of applied) {
    if (name.startsWith('engine/') || ours.get(name) === checksum) continue;
    throw new Failure('config', `The migration ${name} of the archive is not that of this program`, {
      hint: `restore it with subctl ${schema.program}, then update`,
    });
  }
  return ours.size === applied.length && applied.every(({ name, checksum }) => ours.get(name) === checksum);
}

/** Makes the partitions, and empties the tables of what migrations write into new ones. */
async function makeTables(tx: Db, from: Inventory): Promise<void> {
  const there = new Map((await readTables(tx)).map((table) => [table.name, table]));
  for (const { name, parent, bounds } of from.tables)
    if (parent !== null && bounds !== null && !there.has(name))
      await tx.unsafe(`create table subctl.${quoted(name)} partition of subctl.${quoted(parent)} ${bounds}`);
  const unknown = from.tables.filter(({ name, parent }) => parent === null && !there.has(name));
  if (unknown.length > 0)
    throw new Failure(
      'refused',
      `There were tables of others in schema subctl: ${unknown.map(({ name }) => name).join(', ')}`,
      { hint: 'move them to another schema and make the backup again, or make it with --method pg_dump' },
    );
  await tx.unsafe(`truncate ${from.tables.map(({ name }) => `subctl.${quoted(name)}`).join(', ')}`);
}

async function writeRows(
  tx: Db,
  tables: FillRequest['tables'],
  progress: FillRequest['progress'],
): Promise<Counted[]> {
  let rows = 0;
  for (;;) {
    const { value, done } = await tables.next();
    if (done) return value.tables;
    const stream: Writable = await tx.unsafe(`copy ${copied(value)} from stdin`).writable();
    const table = value.name;
    const counting = async function* (pieces: AsyncIterable<Buffer>) {
      for await (const bytes of pieces) {
        progress((rows += countLines(bytes)), table);
        yield bytes;
      }
    };
    await pipeline(value.rows, counting, stream);
  }
}

async function compare(tx: Db, from: Inventory, counted: readonly Counted[]): Promise<void> {
  const found: Counted[] = [];
  for (const table of from.tables) found.push(await countTable(tx, table));
  const wrong = disagreements(counted, found);
  if (wrong.length > 0)
    throw new Failure('refused', `What was written is not what was read: ${wrong.join('; ')}`, {
      hint: 'nothing was kept; try again, and if it comes again, use another archive',
    });
}

/** The functions of an earlier program are not made: this one's are, after its later migrations. */
async function upgrade(tx: Db, program: Program): Promise<Migrated> {
  await tx`delete from subctl.migrations where name like 'engine/%'`;
  return migrateIn(tx, program);
}
