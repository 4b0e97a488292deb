import path from 'node:path';
import { findLeftovers, requireNew, writeNewFile } from '../../backup/archive-file.ts';
import { writeStdout } from '../../backup/archive-stream.ts';
import { backUp } from '../../backup/back-up.ts';
import { packageVersion } from '../../config/package-root.ts';
import { findDatabase } from '../../database/connect.ts';
import { Failure } from '../../domain/failure.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { countProgress, openKey, sizeOf } from './archive-words.ts';
import { describeBackup } from './describe-backup.ts';
import type { backupDatabase } from './spec.ts';

/** Writes an archive of the database to a new file, or to stdout, and says what is in it. */
export async function run(
  context: Context,
  { file, keyFile, method }: InputOf<typeof backupDatabase>,
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
