import path from 'node:path';
import { findLeftovers, requireNew, writeNewFile } from '../../backup/archive-file.ts';
import { writeStdout } from '../../backup/archive-stream.ts';
import { backUp } from '../../backup/back-up.ts';
import { packageVersion } from '../../config/package-root.ts';
import { findDatabase } from '../../database/connect.ts';
import { Failure } from '../../domain/failure.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { countProgress, openKey, sizeOf } from './archive-words.ts';
import { describeBackup } from './describe-backup.ts';
import { type Options, verb } from '../verb.ts';
import { Option } from '@commander-js/extra-typings';
import { keyFileOption } from './options.ts';

export const command = verb({
  examples: [
    ['subctl db backup subctl.backup', 'back up to a file'],
    ['subctl db backup sealed.backup --key-file backup.key', 'encrypt it'],
    ['subctl db backup - --method copy > other.backup', 'to stdout, for another program'],
  ],
  exits: [4, 8],
  rows: true,
  needs: 'database',
})
  .description(
    "Writes subctl's schema to one file: every row, sequence, privilege and setting, as they are at " +
      'one instant. Nothing waits meanwhile, and memory does not grow with the database. Your own ' +
      'tables are not in it.\n\n' +
      "Where pg_dump is on the PATH and as new as the server, the file is in pg_dump's custom format, " +
      "which pg_restore reads too. Elsewhere it is subctl's own: SQL text with checksums, gzipped. " +
      '--method chooses. With --key-file either is encrypted with AES-256-GCM.\n\n' +
      'The file has another name until it is whole, is for its owner alone, and never replaces one that ' +
      'is there. With - the archive goes to stdout. A backup that was never restored is a hope: try it ' +
      'with subctl db verify --restore.',
  )
  .argument('<file>', 'the file to make, or - for stdout')
  .addOption(keyFileOption)
  .addOption(
    new Option('--method <method>', "how to make it: subctl's own format, or pg_dump's").choices([
      'copy',
      'pg_dump',
    ]),
  );

/** Writes an archive of the database to a new file, or to stdout, and says what is in it. */
export async function run(
  context: Context,
  file: string,
  { keyFile, method }: Options<typeof command>,
): Promise<Outcome | void> {
  const { streams, outIsTerminal } = context.terminal;
  const target = file === '-' ? undefined : path.resolve(context.cwd, file);
  if (target === undefined && outIsTerminal)
    throw new Failure('usage', 'An archive is not for a terminal', { hint: 'send stdout to a file' });
  if (target !== undefined) await requireNew(target);
  const key = await openKey(context, keyFile);
  const connection = await context.database();
  const address = await findDatabase((await context.settings()).database);
  const { progress, stop } = countProgress(context, 'Backing up, rows');
  const done = await backUp(connection, {
    ...{ program: packageVersion(), method, key, address, env: context.env, progress },
    keep: (bytes) =>
      target === undefined ? writeStdout(streams.stdout, bytes) : writeNewFile(target, bytes, context.signal),
  }).finally(stop);
  if (target !== undefined)
    return describeBackup(done, { target, keyId: key?.id, leftovers: await findLeftovers(target) });
  context.note(`Backed up ${done.rows} rows (${sizeOf(done.bytes)}) by ${done.chosen.method}`);
}
