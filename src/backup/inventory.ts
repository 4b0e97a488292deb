import type { Db } from '../database/connect.ts';
import type { SchemaState } from '../database/schema-state.ts';
import { Failure } from '../domain/failure.ts';
import { readGrants, type Grant } from './grants.ts';
import { quoted } from './session.ts';

/** A table whose rows are archived; a partition names its parent and its bounds. Generated columns are left out: they follow. */
export interface TableShape {
  name: string;
  columns: string[];
  parent: string | null;
  /** `FOR VALUES FROM … TO …`, or DEFAULT */
  bounds: string | null;
}

export interface SequenceState {
  name: string;
  value: string;
  called: boolean;
}

/** What a database of subctl holds beside its rows. */
export interface Inventory {
  /** version of the server */
  server: string;
  schema: SchemaState;
  /** migrations and functions, with the checksums of their text */
  applied: { name: string; checksum: string }[];
  /** in an order in which each table comes after those that it refers to */
  tables: TableShape[];
  sequences: SequenceState[];
  grants: Grant[];
}

/**
 * Reads what there is beside rows. Unlogged tables are caches, and no part of it.
 * @throws Failure config when the database is not set up
 */
export async function readInventory(tx: Db): Promise<Inventory> {
  const [found] = await tx<{ server: string; settings: string | null }[]>`
    select current_setting('server_version') as server, to_regclass('subctl.settings')::text as settings`;
  if (!found?.settings)
    throw new Failure('config', 'The database is not set up for subctl: there is nothing to back up', {
      hint: 'run: subctl setup',
    });
  const [row] = await tx<{ schema: SchemaState }[]>`
    select value as schema from subctl.settings where key = 'schema'`;
  return {
    server: found.server,
    schema: row!.schema,
    applied: await tx<
      { name: string; checksum: string }[]
    >`select name, checksum from subctl.migrations order by name collate "C"`,
    tables: await readTables(tx),
    sequences: await readSequences(tx),
    grants: await readGrants(tx),
  };
}

/** The tables whose rows are archived, each after those that its foreign keys name. */
export async function readTables(tx: Db): Promise<TableShape[]> {
  const tables = await tx<TableShape[]>`
    select c.relname as name, p.relname as parent, pg_get_expr(c.relpartbound, c.oid) as bounds,
           (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
             where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns
      from pg_class c
      left join pg_inherits i on i.inhrelid = c.oid and c.relispartition
      left join pg_class p on p.oid = i.inhparent
     where c.relnamespace = 'subctl'::regnamespace and c.relkind = 'r' and c.relpersistence = 'p'
     order by c.relname collate "C"`;
  const references = await tx<{ from: string; to: string }[]>`
    select c.conrelid::regclass::text as x, r.relname as from, t.relname as to
      from pg_constraint c
      join pg_class r on r.oid = c.conrelid
      join pg_class t on t.oid = c.confrelid
     where c.contype = 'f' and c.connamespace = 'subctl'::regnamespace and c.conrelid <> c.confrelid`;
  const [placed, order] = [new Set<string>(), [] as TableShape[]];
  const place = (table: TableShape | undefined) => {
    if (!table || placed.has(table.name)) return;
    placed.add(table.name);
    for (const { from, to } of references)
      if (from === table.name || from === table.parent) place(tables.find(({ name }) => name === to));
    order.push({ name: table.name, columns: table.columns, parent: table.parent, bounds: table.bounds });
  };
  tables.forEach(place);
  return order;
}

async function readSequences(tx: Db): Promise<SequenceState[]> {
  const names = await tx<{ name: string }[]>`
    select c.relname as name from pg_class c
     where c.relnamespace = 'subctl'::regnamespace and c.relkind = 'S' order by c.relname collate "C"`;
  const states: SequenceState[] = [];
  for (const { name } of names) {
    const [state] = await tx.unsafe<{ value: string; called: boolean }[]>(
      `select last_value::text as value, is_called as called from subctl.${quoted(name)}`,
    );
    states.push({ name, ...state! });
  }
  return states;
}
