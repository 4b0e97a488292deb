import { Failure } from '../../domain/failure.ts';
import type { Owner } from '../../scheduler/install/files.ts';
import { runProgram } from '../../scheduler/install/run-program.ts';
import type { Installation } from '../../scheduler/render/installation.ts';

/**
 * Returns the ids of the account that runs the tasks; undefined if it is the current account.
 * @throws Failure config when there is no such account
 */
export async function checkAccount({ account, scope }: Installation): Promise<Owner | undefined> {
  if (scope === 'user' || process.platform === 'win32') return undefined;
  const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => runProgram('id', [flag, account])));
  if (uid!.code === 0 && gid!.code === 0) return { uid: Number(uid!.stdout), gid: Number(gid!.stdout) };
  throw new Failure('config', `There is no account '${account}' on this host`, {
    hint: `create it (useradd --system ${account}) or choose another with --account`,
  });
}
