import type { Outcome } from '../../terminal/outcome.ts';
import { entriesOf, notesOn } from './archive-words.ts';
import { checksOf, describeIntegrity } from './describe-integrity.ts';
import type { Place, RestoredInto } from './restore-into.ts';

/** Describes a restored database and its integrity checks; exit code 4 when a check fails. */
export function describeRestored(done: RestoredInto, { name, setting }: Place): Outcome {
  const { method, head, rows, tables, missing, examined } = done;
  return {
    record: {
      ...{ into: name, setting: setting ?? null, method, made_at: head.made_at, rows, tables, missing },
      ...examined,
    },
    sections: [
      {
        entries: [
          ['Restored', `${rows} rows of ${tables.length} tables, as of ${head.made_at}`],
          ['Into', name],
          ...(setting === undefined ? [] : [['Use it with', setting] as const]),
          ...entriesOf(head),
          ['Integrity', describeIntegrity(examined)],
        ],
      },
    ],
    notes: [...notesOn(done), ...checksOf(examined)],
    ...(examined && examined.books.length > 0 ? { exit: 'refused' as const } : {}),
  };
}
