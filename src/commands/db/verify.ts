import path from 'node:path';
import { verifyFile } from '../../backup/verify.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { countProgress, entriesOf, openKey } from './archive-words.ts';
import { tryRestore } from './try-restore.ts';
import { type Options, verb } from '../verb.ts';
import { keyFileOption } from './options.ts';

export const command = verb({
  examples: [
    ['subctl db verify subctl.backup', 'is the file whole, and what is in it?'],
    ['subctl db verify subctl.backup --restore', 'can it be restored?'],
  ],
  exits: [3, 4],
  rows: true,
  needs: 'nothing',
})
  .description(
    'Reads the file from beginning to end and checks every checksum; no database is needed. A file ' +
      'that was cut off, changed, or put together from others is refused with exit code 4.\n\n' +
      'With --restore it is also restored into a temporary embedded database, whose integrity is checked ' +
      'and which is removed afterwards.',
  )
  .argument('<file>', 'a file of subctl db backup')
  .addOption(keyFileOption)
  .option('--restore', 'restore it into a temporary database, too', false);

/** Checks an archive, and with --restore tries it. */
export async function run(
  context: Context,
  file: string,
  { keyFile, restore }: Options<typeof command>,
): Promise<Outcome> {
  const archive = path.resolve(context.cwd, file);
  const key = await openKey(context, keyFile);
  const { progress, stop } = countProgress(context, 'Reading, rows');
  const { method, encrypted, head, tables, rows } = await verifyFile(archive, key, progress).finally(stop);
  const tried = restore ? await tryRestore(context, archive, key) : undefined;
  const { program, made_at, server, schema } = head;
  return {
    record: {
      ...{ file: archive, method, encrypted, made_at, program, server, schema: schema.version, rows, tables },
      ...(tried && { restored: true, books: tried.books }),
    },
    sections: [
      {
        entries: [
          ['Backup', `${archive}, whole`],
          ['Made', `${made_at} by subctl ${program}`],
          ['Method', `${method === 'copy' ? "subctl's own archive" : 'pg_dump, custom format'}`],
          ['Encrypted', encrypted ? 'yes' : 'no'],
          ...entriesOf(head),
          ['Rows', `${rows} of ${tables.length} tables`],
          ...(tried ? ([['Restored', describeTried(tried.books)]] as [string, string][]) : []),
        ],
      },
      {
        title: 'Tables with rows',
        columns: [
          { key: 'name', title: 'table' },
          { key: 'rows', align: 'right' },
        ],
        rows: tables.filter((table) => table.rows > 0) as never,
      },
    ],
    ...(tried && tried.books.length > 0 ? { exit: 'refused' as const } : {}),
  };
}

function describeTried(failed: readonly string[]): string {
  return failed.length === 0
    ? 'yes; counts and checksums agree, integrity checks pass'
    : `yes, integrity checks fail: ${failed.join('; ')}`;
}
