import path from 'node:path';
import { findDatabase } from '../../database/connect.ts';
import { formatDatabaseUrl } from '../../database/url.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { openKey } from './archive-words.ts';
import { describeRestored } from './describe-restored.ts';
import { openOther, type Place, restoreInto } from './restore-into.ts';
import type { restoreDatabase } from './spec.ts';

/** Restores an archive into an empty database and says whether its books are in order. */
export async function run(
  context: Context,
  { file, into, keyFile, doctor }: InputOf<typeof restoreDatabase>,
): Promise<Outcome> {
  const key = await openKey(context, keyFile);
  const { database } = await context.settings();
  const archive = path.resolve(context.cwd, file);
  const work = async (place: Place) =>
    describeRestored(await restoreInto(context, place, { file: archive, key, doctor }), place);
  if (into === undefined) {
    const address = await findDatabase({ ...database, mayCreate: true });
    return work({ connection: await context.database(), address, name: formatDatabaseUrl(address) });
  }
  const target = await openOther(context, into, '--into');
  let isDone = false;
  try {
    const outcome = await work(target);
    isDone = true;
    return outcome;
  } finally {
    await target.close(isDone);
  }
}
