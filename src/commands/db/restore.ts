import path from 'node:path';
import { findDatabase } from '../../database/connect.ts';
import { formatDatabaseUrl } from '../../database/url.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { openKey } from './archive-words.ts';
import { describeRestored } from './describe-restored.ts';
import { openOther, type Place, restoreInto } from './restore-into.ts';
import { type Options, verb } from '../verb.ts';
import { keyFileOption } from './options.ts';

export const command = verb({
  examples: [
    ['subctl db restore subctl.backup --into restored', 'into a new embedded database'],
    ['subctl db restore subctl.backup --into again --json', 'the same as JSON'],
  ],
  exits: [3, 4, 8],
  rows: true,
  needs: 'database',
})
  .description(
    "Restores a file from db backup into a database without subctl's schema: the one of --into, or " +
      'the configured one. The restore is one transaction. A killed command or a damaged file leaves ' +
      'nothing behind, and existing data is never overwritten.\n\n' +
      'Rows are counted and compared before the commit. Then stored data is checked as by subctl ' +
      'doctor --deep. A backup of an older subctl is upgraded. Privileges are restored for roles that ' +
      'exist on the server.\n\n' +
      'The exit code is 4 when the archive is damaged, or when a check of the restored data fails.',
  )
  .argument('<file>', 'a file from subctl db backup')
  .option(
    '--into <database>',
    'new folder for an embedded database, or the URL of an empty one (without its password)',
  )
  .addOption(keyFileOption)
  .option('--no-doctor', 'skip the integrity checks afterwards');

/** Restores an archive into an empty database and reports its integrity checks. */
export async function run(
  context: Context,
  file: string,
  { into, keyFile, doctor }: Options<typeof command>,
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
