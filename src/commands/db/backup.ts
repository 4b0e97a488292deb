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
    "Writes subctl's schema to one file: every row, sequence, privilege and setting, from one " +
      'snapshot. Other sessions are not blocked, and memory use does not grow with the database. Your ' +
      'own tables are not included.\n\n' +
      "If pg_dump is on the PATH and at least as new as the server, the file has pg_dump's custom " +
      "format, which pg_restore can read. Otherwise it has subctl's own format: gzipped SQL text with " +
      'checksums. --method chooses. --key-file encrypts both formats with AES-256-GCM.\n\n' +
      'The file gets its name when it is complete, is readable only by its owner, and never replaces ' +
      'an existing file. With - the archive goes to stdout. Test your backups with subctl db verify ' +
      '--restore.',
  )
  .argument('<file>', 'the file to create, or - for stdout')
  .addOption(keyFileOption)
  .addOption(
    new Option('--method <method>', "archive format: subctl's own (copy), or that of pg_dump").choices([
      'copy',
      'pg_dump',
    ]),
  );

/** Writes an archive of the database to a new file or to stdout, and prints its contents. */
export async function run(
  context: Context,
  file: string,
  { keyFile, method }: Options<typeof command>,
): Promise<Outcome | void> {
  const { streams, outIsTerminal } = context.terminal;
  const target = file === '-' ? undefined : path.resolve(context.cwd, file);
  if (target === undefined && outIsTerminal)
    throw new Failure('usage', 'An archive cannot be printed on a terminal', {
      hint: 'redirect stdout to a file',
    });
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
