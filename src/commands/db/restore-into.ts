import path from 'node:path';
import type { ArchiveKey } from '../../backup/key-file.ts';
import { type Examination, examineWhole } from '../../backup/check-restored.ts';
import { type Restored, restoreFile } from '../../backup/restore.ts';
import { openTarget, type Target } from '../../backup/target.ts';
import { packageRoot, packageVersion } from '../../config/package-root.ts';
import type { Program } from '../../database/bundled-sql.ts';
import type { Connection } from '../../database/connect.ts';
import type { Context } from '../context.ts';
import { countProgress } from './archive-words.ts';

/** The version and the migrations folder of this program. */
export function thisProgram(): Program {
  return { folder: path.join(packageRoot(), 'drizzle'), program: packageVersion() };
}

/** A database to restore into; `setting` selects it, when it is not the configured one. */
export type Place = Pick<Target, 'connection' | 'address' | 'name'> & { setting?: string };

export type RestoredInto = Restored & { examined: Examination | undefined };

/** Opens the database that an option names; a signal cancels the work there. */
export async function openOther(context: Context, text: string, option: string): Promise<Target> {
  const { env, cwd, signal } = context;
  const { account } = (await context.settings()).database;
  return openTarget(text, { cwd, account, env, signal, option });
}

/** Restores an archive into a target and, with `doctor`, checks it. */
export async function restoreInto(
  context: Context,
  { connection, address }: Pick<Place, 'connection' | 'address'>,
  { file, key, doctor }: { file: string; key: ArchiveKey | undefined; doctor: boolean },
): Promise<RestoredInto> {
  const { progress, stop } = countProgress(context, 'Restoring, rows');
  const request = { file, key, address, env: context.env, program: thisProgram(), progress };
  const restored = await restoreFile(connection, request).finally(stop);
  return { ...restored, examined: doctor ? await examineTarget(context, connection) : undefined };
}

/** Runs the integrity checks of a database with progress on stderr. */
export async function examineTarget(context: Context, connection: Connection): Promise<Examination> {
  const line = context.progress('Checking integrity');
  let made = 0;
  return examineWhole(connection, (check) =>
    line.update((made += 1), `Checking integrity (${check})`),
  ).finally(() => line.stop());
}
