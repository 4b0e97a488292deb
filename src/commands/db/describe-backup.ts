import type { BackedUp } from '../../backup/back-up.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import { entriesOf, sizeOf } from './archive-words.ts';

interface Kept {
  target: string;
  /** of the key that it is encrypted with */
  keyId: string | undefined;
  /** files of backups that did not end */
  leftovers: readonly string[];
}

/** What was backed up, how, and why so. */
export function describeBackup(
  { chosen, head, tables, rows, bytes }: BackedUp,
  { target: file, keyId: key, leftovers }: Kept,
): Outcome {
  const { method, why } = chosen;
  const { made_at, schema, server } = head;
  return {
    record: {
      file,
      method,
      why,
      key: key ?? null,
      bytes,
      rows,
      made_at,
      schema: schema.version,
      server,
      tables,
      leftovers,
    },
    sections: [
      {
        entries: [
          ['Backup', `${file} (${sizeOf(bytes)})`],
          ['Method', `${method === 'copy' ? "subctl's own archive" : 'pg_dump, custom format'}: ${why}`],
          ['Encrypted', key === undefined ? 'no' : `AES-256-GCM, key ${key}`],
          ['Rows', `${rows} of ${tables.length} tables, as of ${made_at}`],
          ...entriesOf(head),
        ],
      },
    ],
    notes: leftovers.map(
      (name) => `${name} is of a backup that was killed, or is at work now: remove it if none is at work`,
    ),
  };
}
