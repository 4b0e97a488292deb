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
    ['subctl db verify subctl.backup', 'check the file and list its contents'],
    ['subctl db verify subctl.backup --restore', 'also test a restore'],
  ],
  exits: [3, 4],
  rows: true,
  needs: 'nothing',
})
  .description(
    'Reads the whole file and checks every checksum; no database is needed. A truncated, changed or ' +
      'recombined file is refused with exit code 4.\n\n' +
      '--restore also restores it into a temporary embedded database, checks its integrity and removes ' +
      'it.',
  )
  .argument('<file>', 'a file from subctl db backup')
  .addOption(keyFileOption)
  .option('--restore', 'also restore it into a temporary database', false);

/** Verifies an archive, and with --restore restores it. */
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
          ['Backup', `${archive}, intact`],
          ['Created', `${made_at} by subctl ${program}`],
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
    ? 'yes; counts and checksums match, integrity checks pass'
    : `yes, but integrity checks fail: ${failed.join('; ')}`;
}
