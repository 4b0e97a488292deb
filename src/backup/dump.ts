import { createHash } from 'node:crypto';
import type { Address } from '../database/address.ts';
import type { Db } from '../database/connect.ts';
import { libpqEnvironment } from '../database/libpq-environment.ts';
import { type Head, type Tail, words } from './archive.ts';
import { type Client, readFrom } from './clients.ts';
import { type Counted, countTable } from './count.ts';
import { damaged, readHead, readTail } from './read-archive.ts';

/**
 * An archive of pg_dump is a file in its custom format, behind which stand the head and the tail of subctl's own archives and a mark:
 * the length of both and this word. pg_restore stops before it.
 */
const mark = Buffer.from('SUBCTL01');
const markLength = mark.length + 4;
const longestEnd = 8 * 1024 * 1024;

export interface WriteDump {
  head: Head;
  client: Client;
  address: Address;
  env: Record<string, string | undefined>;
  progress: (rows: number, table: string) => void;
  ended: (tail: Tail) => void;
}

/** Has pg_dump write the schemas subctl and subctl_internal as the snapshot of `tx` sees it, and adds what subctl checks it by. */
export async function* writeDump(
  tx: Db,
  { head, client, address, env, progress, ended }: WriteDump,
): AsyncGenerator<Buffer, void> {
  const [row] = await tx<{ snapshot: string }[]>`select pg_export_snapshot() as snapshot`;
  const args = [
    ...[
      '--format=custom',
      '--schema=subctl',
      '--schema=subctl_internal',
      '--no-owner',
      '--no-privileges',
      '--no-password',
    ],
    ...['--no-unlogged-table-data', `--snapshot=${row!.snapshot}`],
  ];
  const hash = createHash('sha256');
  for await (const bytes of readFrom(client, { args, env: libpqEnvironment(env, address) })) {
    hash.update(bytes);
    yield bytes;
  }
  const tables: Counted[] = [];
  let rows = 0;
  for (const table of head.tables) {
    const counted = await countTable(tx, table);
    tables.push(counted);
    progress((rows += counted.rows), table.name);
  }
  const lines = `\n${words.head}${JSON.stringify({ ...head, client: client.version })}\n`;
  const tail = { tables, sha256: hash.update(lines).digest('hex') };
  const text = Buffer.from(`${lines}${words.tail}${JSON.stringify(tail)}\n`);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  yield Buffer.concat([text, length, mark]);
  ended(tail);
}

/** What stands behind a dump. `client` is the version of the pg_dump that made it. */
export interface DumpEnd {
  head: Head & { client: string };
  tail: Tail;
}

/**
 * Yields the dump that is in an archive of pg_dump, without what stands behind it, and returns that.
 * @throws Failure refused when it is damaged, which only the end tells
 */
export async function* readDump(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer, DumpEnd> {
  const hash = createHash('sha256');
  let held: Buffer = Buffer.alloc(0);
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of bytes) {
    pieces.push(piece);
    size += piece.length;
    while (pieces.length > 0 && size - pieces[0]!.length >= longestEnd) {
      const sure = pieces.shift()!;
      size -= sure.length;
      hash.update(sure);
      yield sure;
    }
  }
  held = Buffer.concat(pieces);
  const at = held.length - markLength;
  if (at < 0 || !held.subarray(at + 4).equals(mark)) throw damaged('its end is missing');
  const length = held.readUInt32BE(at);
  if (length > at) throw damaged('its end cannot be read');
  const dump = held.subarray(0, at - length);
  const lines = held.toString('utf8', at - length, at).split('\n');
  hash.update(dump).update(`\n${lines[1]}\n`);
  const [head, tail] = [readHead(lines[1] ?? ''), readTail(lines[2] ?? '')];
  if (tail.sha256 !== hash.digest('hex')) throw damaged('its checksum is not that of its contents');
  if (typeof (head as Partial<DumpEnd['head']>).client !== 'string')
    throw damaged('it does not say which pg_dump made it');
  yield dump;
  return { head, tail } as DumpEnd;
}
