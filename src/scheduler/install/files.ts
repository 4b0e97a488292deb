import { chmod, chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../domain/failure.ts';

/** The ids of an account. */
export interface Owner {
  uid: number;
  gid: number;
}

/** The text of a file; undefined when it is not there. @throws Failure config when it may not be read */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new Failure('config', `${file} cannot be read: ${message}`, { cause });
  }
}

/**
 * Writes a file whole or not at all, with its folders; mode and owner hold before anything of it can be read. Without a text it is removed.
 * @throws Failure config when it may not be written
 */
export async function writeWhole(
  file: string,
  text: string | Buffer | undefined,
  { mode = 0o644, owner }: { mode?: number; owner?: Owner | undefined } = {},
): Promise<void> {
  const draft = `${file}.${process.pid}.new`;
  try {
    if (text === undefined) return await rm(file, { force: true });
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(draft, '', { mode: 0o600 });
    if (owner) await chown(draft, owner.uid, owner.gid);
    await writeFile(draft, text);
    await chmod(draft, mode);
    await rename(draft, file);
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw cannotWrite(file, cause as Error);
  }
}

/** Makes a log that its owner can add to, with its folder; one that is there stays as it is. @throws Failure config */
export async function prepareLog(file: string, owner: Owner | undefined): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, '', { flag: 'a', mode: 0o640 });
    if (owner) await chown(file, owner.uid, owner.gid);
  } catch (cause) {
    throw cannotWrite(file, cause as Error);
  }
}

function cannotWrite(file: string, cause: Error): Failure {
  return new Failure('config', `${file} cannot be written: ${cause.message}`, {
    hint: 'choose another place, do it as root, or take --user for this account alone',
    cause,
  });
}
