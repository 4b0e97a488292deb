import { type Imported, importColumns, importCustomers as take } from '../../customers/import.ts';
import { readQuery } from '../../customers/read-query.ts';
import { readCsvPages } from '../../files/read-csv.ts';
import { assignImported } from '../../subscriptions/assign-imported.ts';
import { Failure } from '../../domain/failure.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import { openRejects } from '../../terminal/rejects.ts';
import type { Context } from '../context.ts';
import { openInput } from '../open-input.ts';
import { write } from '../write.ts';
import { type Options, verb } from '../verb.ts';
import { text } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl customers import people.csv --rejects bad.csv', 'from a file; rejected rows go to bad.csv'],
    [
      "subctl customers import --from-query 'select id, email from public.users'",
      'from a table of the same database',
    ],
  ],
  exits: [3, 7],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'The columns are id, kind, name, email, timezone, currency, metadata (JSON) and plan (also ' +
      'assigned). Only id is required; unknown columns are refused. Existing customers are skipped, or ' +
      'updated with --update: an empty cell clears the value, and the kind never changes. Invalid rows ' +
      'are reported with line and reason, and the import continues (exit code 7). The query of ' +
      '--from-query is one read-only statement. The import is one transaction: after an error nothing ' +
      'has changed.',
  )
  .argument('[file]', 'a CSV file with a header row, or - for standard input')
  .option('--from-query <sql>', 'import the rows of this query instead of a file', text({ max: 100_000 }))
  .option('--update', 'update existing customers', false)
  .option('--rejects <file>', 'write rejected rows to this CSV file, with line and reason');

/** Imports customers and prints the counts. */
export async function run(
  context: Context,
  file: string | undefined,
  options: Options<typeof command>,
): Promise<Outcome> {
  const { fromQuery, update, rejects: rejectsFile } = options;
  if ((file === undefined) === (fromQuery === undefined)) {
    throw new Failure('usage', 'Either a file or --from-query', { hint: 'subctl customers import FILE.csv' });
  }
  const connection = await context.database();
  const open = () =>
    fromQuery === undefined
      ? readCsvPages(openInput(context, file!), importColumns)
      : readQuery(connection, fromQuery, importColumns);
  const rejects = await openRejects(rejectsFile, context);
  const progress = context.progress('customers read');
  try {
    const asked = { file, from_query: fromQuery, update };
    const done = await write<Imported>(context, { action: 'customers import', asked }, async (tx, change) => {
      await rejects.clear();
      return take(tx, change, {
        pages: open(),
        update,
        assign: (rows) => assignImported(tx, change, rows),
        onReject: rejects.add,
        onProgress: progress.update,
      });
    });
    progress.stop();
    await rejects.close();
    return {
      record: { ...done, dry_run: context.dryRun },
      ...(done.rejected > 0 && { exit: 'incomplete' as const }),
    };
  } finally {
    progress.stop();
    await rejects.abandon();
  }
}
