import { Failure } from '../../domain/failure.ts';
import type { Owner } from '../../scheduler/install/files.ts';
import { runProgram } from '../../scheduler/install/run-program.ts';
import type { Installation } from '../../scheduler/render/installation.ts';

/**
 * The ids of the account that the system runs the tasks under; undefined where they run under one's own.
 * @throws Failure config when there is no such account
 */
export async function checkAccount({ account, scope }: Installation): Promise<Owner | undefined> {
  if (scope === 'user' || process.platform === 'win32') return undefined;
  const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => runProgram('id', [flag, account])));
  if (uid!.code === 0 && gid!.code === 0) return { uid: Number(uid!.stdout), gid: Number(gid!.stdout) };
  throw new Failure('config', `There is no account '${account}' on this host`, {
    hint: `make it (useradd --system ${account}), or name another with --account`,
  });
}
