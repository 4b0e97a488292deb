import { countLines, type Head, rowsOf, type Tail } from './archive.ts';
import type { ArchiveKey } from './key-file.ts';
import { openFile, type Method } from './open-file.ts';
import { openArchive } from './read-archive.ts';
import { readToEnd } from './restore-dump.ts';

/** What an archive says it is and was found to hold. */
export interface Verified {
  method: Method;
  encrypted: boolean;
  head: Head;
  tables: Tail['tables'];
  rows: number;
}

/**
 * Reads an archive from its first byte to its last and checks all that can be checked without a database.
 * @throws Failure refused when it is damaged, usage when it is none or the key is another
 */
export async function verifyFile(
  file: string,
  key: ArchiveKey | undefined,
  progress: (rows: number, table: string) => void,
): Promise<Verified> {
  const { method, encrypted, bytes } = await openFile(file, key);
  if (method === 'pg_dump') {
    const { head, tail } = await readToEnd(bytes);
    return { method, encrypted, head, tables: tail.tables, rows: rowsOf(tail.tables) };
  }
  const { head, tables } = await openArchive(bytes);
  const each = tables();
  let rows = 0;
  for (;;) {
    const { value, done } = await each.next();
    if (done) return { method, encrypted, head, tables: value.tables, rows: rowsOf(value.tables) };
    for await (const lines of value.rows) progress((rows += countLines(lines)), value.name);
  }
}
