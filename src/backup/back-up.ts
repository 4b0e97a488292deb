import type { Address } from '../database/address.ts';
import type { Connection, Db } from '../database/connect.ts';
import { type Head, rowsOf, type Tail } from './archive.ts';
import { readInventory } from './inventory.ts';
import type { ArchiveKey } from './key-file.ts';
import { type Chosen, chooseMethod } from './method.ts';
import { writeDump } from './dump.ts';
import type { Method } from './open-file.ts';
import { seal } from './seal.ts';
import { useArchiveSettings } from './session.ts';
import { writeArchive } from './write-archive.ts';
import { gzip } from './zip.ts';

export interface BackUp {
  /** version of subctl */
  program: string;
  /** undefined: the one that fits */
  method: Method | undefined;
  key: ArchiveKey | undefined;
  /** for pg_dump */
  address: Address;
  env: Record<string, string | undefined>;
  progress: (rows: number, table: string) => void;
  /** takes the archive to where it is kept, whole or not at all, and says how many bytes it is */
  keep: (bytes: AsyncIterable<Buffer>) => Promise<number>;
}

/** What was backed up, and how. */
export interface BackedUp {
  chosen: Chosen;
  head: Head;
  tables: Tail['tables'];
  rows: number;
  bytes: number;
}

/**
 * Makes an archive of schema subctl in one snapshot: what others write meanwhile is in it wholly or not at all. Nothing is locked
 * against writing; memory does not grow with the database.
 */
export async function backUp(connection: Connection, request: BackUp): Promise<BackedUp> {
  return connection.begin('isolation level repeatable read read only', async (transaction) => {
    const { program, method, key, address, env, progress, keep } = request;
    const tx = transaction as Db;
    await useArchiveSettings(tx);
    const head = await readHead(tx, program);
    const chosen = chooseMethod({ asked: method, server: head.server, env });
    const held: { tail?: Tail } = {};
    const ended = (tail: Tail) => void (held.tail = tail);
    const bytes =
      chosen.method === 'copy'
        ? gzip(writeArchive(tx, { head, progress, ended }))
        : writeDump(tx, { ...{ head, progress, ended, address, env }, client: chosen.client });
    const size = await keep(key ? seal(bytes, key) : bytes);
    const { tables } = held.tail!;
    return { chosen, head, tables, rows: rowsOf(tables), bytes: size };
  }) as Promise<BackedUp>;
}

/** What the first line of an archive says of the database. */
async function readHead(tx: Db, program: string): Promise<Head> {
  const inventory = await readInventory(tx);
  const [row] = await tx<{ now: Date }[]>`select now() as now`;
  return { format: 1, program, made_at: row!.now.toISOString(), ...inventory };
}
