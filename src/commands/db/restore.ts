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
    ['subctl db restore subctl.backup --into again --json', 'the same for a program'],
  ],
  exits: [3, 4, 8],
  rows: true,
  needs: 'database',
})
  .description(
    "Makes subctl's schema from a file that db backup made, in a database that has none: the one of " +
      '--into, or the configured one. It is done in one transaction. A command that is killed and a ' +
      'file that is damaged leave nothing behind, and nothing that is there is ever overwritten.\n\n' +
      'Rows are counted and compared before the commit, then stored data is checked as subctl doctor ' +
      '--deep does. A backup of an older subctl is brought up to date. Privileges are given back to ' +
      'roles that the server has.\n\n' +
      'The exit code is 4 when the archive is damaged, or when a check of the restored data fails.',
  )
  .argument('<file>', 'a file of subctl db backup')
  .option(
    '--into <database>',
    'a new folder for an embedded database, or the URL of an empty one (without its password)',
  )
  .addOption(keyFileOption)
  .option('--no-doctor', 'do not check integrity afterwards');

/** Restores an archive into an empty database and says whether its integrity checks pass. */
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
