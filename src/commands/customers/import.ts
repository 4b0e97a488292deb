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
    ['subctl customers import people.csv --rejects bad.csv', 'from a file; what is wrong goes to bad.csv'],
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
    'The columns are id, kind, name, email, timezone, currency, metadata (JSON) and plan (assigned ' +
      'too); only id must be there, unknown ones are refused. Customers that exist are left alone, or ' +
      'with --update get what the row says: an empty cell takes a value away, the kind never changes. A ' +
      'row that cannot be read is told with its line and the reason, and the others go on (exit 7). The ' +
      'query of --from-query is one statement that only reads. All is one transaction: after an error ' +
      'nothing has happened.',
  )
  .argument('[file]', 'a CSV file with a line of headings, or - for standard input')
  .option('--from-query <sql>', 'rows of this query, in place of a file', text({ max: 100_000 }))
  .option('--update', 'overwrite what is said of customers that exist', false)
  .option(
    '--rejects <file>',
    'write rejected rows here as CSV, with line and reason; give it again when mended',
  );

/** Takes customers in and says how many. */
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
