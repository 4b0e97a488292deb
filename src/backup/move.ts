import type { Program } from '../database/bundled-sql.ts';
import type { Connection, Db } from '../database/connect.ts';
import { markSchemaMoved } from '../database/moved-schema.ts';
import { Failure } from '../domain/failure.ts';
import { countLines, rowsOf } from './archive.ts';
import { type Counted, countTable } from './count.ts';
import { fill, type Filled, refuseFull } from './fill.ts';
import { type Inventory, readInventory } from './inventory.ts';
import type { ArchivedTable } from './read-archive.ts';
import { quoted, useArchiveSettings } from './session.ts';
import { readRows } from './write-archive.ts';

export interface MoveRequest {
  from: Connection;
  to: Connection;
  /** what to call the new place, without a password */
  toName: string;
  program: Program;
  progress: (rows: number, table: string) => void;
}

/** What was moved. `kept` is the schema in the old place that still has it all. */
export interface Moved extends Filled {
  rows: number;
  kept: string;
}

/**
 * Moves schema subctl to another database. Writers wait from the first row to the end, so that nothing is written in the midst; the new
 * place is committed whole once its counts and checksums are those of the old one, and then the old schema is renamed, so that nothing
 * is written there by mistake. A command killed between the two leaves two whole copies, of which the old one is in use.
 * @throws Failure refused while a task or a daemon is at work, conflict when the new place has a schema subctl
 */
export async function move({ from, to, toName, program, progress }: MoveRequest): Promise<Moved> {
  return from.begin(async (transaction) => {
    const source = transaction as Db;
    await refuseBusy(source);
    await useArchiveSettings(source);
    await lockTables(source);
    await refuseBusy(source);
    const inventory = await readInventory(source);
    const filled = await to.begin(async (target) => {
      await refuseFull(target as Db);
      const tables = streamTables(source, inventory);
      return fill(target as Db, { from: inventory, tables, program, progress });
    });
    const kept = await markSchemaMoved(source, toName);
    return { ...filled, rows: rowsOf(filled.tables), kept };
  }) as Promise<Moved>;
}

/** @throws Failure refused when something is at work that would write on */
async function refuseBusy(tx: Db): Promise<void> {
  const busy = await tx<{ sentence: string }[]>`
    select format('%s runs the task %s', lease_owner, task) as sentence
      from subctl.jobs where lease_until > clock_timestamp()
    union all
    select format('a daemon is at work on %s (process %s)', host, pid)
      from subctl.daemons where seen_at > clock_timestamp() - interval '2 minutes'
     order by 1`;
  if (busy.length === 0) return;
  throw new Failure('refused', `The database is in use: ${busy.map(({ sentence }) => sentence).join('; ')}`, {
    hint: 'stop it with: subctl daemon stop (or wait for the task), then move',
  });
}

/** Others may read, and wait to write, until the transaction ends. Failure unavailable when a writer does not end within the lock timeout. */
async function lockTables(tx: Db): Promise<void> {
  const tables = await tx<{ name: string }[]>`
    select relname::text as name from pg_class
     where relnamespace = 'subctl'::regnamespace and relkind in ('r', 'p') and not relispartition order by 1`;
  await tx.unsafe(
    `lock table ${tables.map(({ name }) => `subctl.${quoted(name)}`).join(', ')} in exclusive mode`,
  );
}

async function* streamTables(
  tx: Db,
  { tables }: Inventory,
): AsyncGenerator<ArchivedTable, { tables: Counted[] }> {
  const counted: Counted[] = [];
  for (const table of tables) {
    const expected = await countTable(tx, table);
    counted.push(expected);
    const seen = { rows: 0 };
    const rows = async function* () {
      for await (const bytes of readRows(tx, table)) {
        seen.rows += countLines(bytes);
        yield bytes;
      }
    };
    yield { name: table.name, columns: table.columns, rows: rows() };
    if (seen.rows !== expected.rows)
      throw new Failure('bug', `${table.name} gave ${seen.rows} rows and counts ${expected.rows}`);
  }
  return { tables: counted };
}
