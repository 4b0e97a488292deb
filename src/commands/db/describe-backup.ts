import type { BackedUp } from '../../backup/back-up.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import { entriesOf, sizeOf } from './archive-words.ts';

/** What was backed up, how, and why so; `key` is the id of the key that it is encrypted with. */
export function describeBackup(
  { chosen, head, tables, rows, bytes }: BackedUp,
  file: string,
  key: string | undefined,
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
  };
}
