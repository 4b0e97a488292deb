import type { BackedUp } from '../../backup/back-up.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import { entriesOf, sizeOf } from './archive-words.ts';

interface Kept {
  target: string;
  /** id of the encryption key */
  keyId: string | undefined;
  /** files of unfinished backups */
  leftovers: readonly string[];
}

/** Describes a finished backup. */
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
      (name) => `${name} belongs to an unfinished backup: remove it unless a backup is running`,
    ),
  };
}
