import { type Imported, importColumns, importCustomers as take } from '../../customers/import.ts';
import { readQuery } from '../../customers/read-query.ts';
import { readCsvPages } from '../../files/read-csv.ts';
import { assignImported } from '../../subscriptions/assign-imported.ts';
import { Failure } from '../../domain/failure.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import { openRejects } from '../../terminal/rejects.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { openInput } from '../open-input.ts';
import { write } from '../write.ts';
import type { importCustomers } from './spec.ts';

/** Takes customers in and says how many. */
export async function run(context: Context, input: InputOf<typeof importCustomers>): Promise<Outcome> {
  const { file, fromQuery, update, rejects: rejectsFile } = input;
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
