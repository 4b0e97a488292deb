import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream, rmSync } from 'node:fs';
import * as files from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Failure } from '../domain/failure.ts';

/**
 * Writes `bytes` to a new file for its owner alone, under another name until it is whole and on the disk. Returns its size. A file that
 * is there is never replaced, also one that came meanwhile.
 * @throws Failure conflict when there is one, usage when the folder will not do, unavailable when the disk will not
 */
export async function writeNewFile(
  file: string,
  bytes: AsyncIterable<Buffer>,
  signal: AbortSignal,
): Promise<number> {
  await requireNew(file);
  const folder = path.dirname(file);
  const temporary = path.join(folder, `.${path.basename(file)}.${randomBytes(6).toString('hex')}.tmp`);
  const remove = () => rmSync(temporary, { force: true });
  signal.addEventListener('abort', remove, { once: true });
  try {
    const stream = createWriteStream(temporary, { flags: 'wx', mode: 0o600, flush: true });
    await pipeline(bytes, stream, { signal });
    await publish(temporary, file);
    return stream.bytesWritten;
  } catch (error) {
    throw diskFailure(file, error) ?? error;
  } finally {
    remove();
    signal.removeEventListener('abort', remove);
  }
}

/** Names of files in the folder of an archive that a backup which was killed has left there; or that another one writes just now. */
export async function findLeftovers(file: string): Promise<string[]> {
  const names = await files.readdir(path.dirname(file)).catch(() => []);
  return names.filter((name) => /^\..+\.[0-9a-f]{12}\.tmp$/.test(name)).sort();
}

/** @throws Failure conflict when there is something at `file`, usage when there is no folder for it */
export async function requireNew(file: string): Promise<void> {
  const there = await files.lstat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw diskFailure(file, error) ?? error;
  });
  if (there)
    throw new Failure('conflict', `There is a file '${file}' already`, {
      hint: 'name a new one: an archive is never overwritten',
    });
  await files.access(path.dirname(file), files.constants.W_OK).catch((error: unknown) => {
    throw diskFailure(file, error) ?? error;
  });
}

/** Reads a file piece by piece. @throws Failure not_found when it is not there */
export async function* readPieces(file: string): AsyncGenerator<Buffer, void> {
  try {
    for await (const bytes of createReadStream(file, { highWaterMark: 256 * 1024 })) yield bytes as Buffer;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new Failure('not_found', `There is no file '${file}'`, { cause: error });
    if (code === undefined) throw error;
    throw new Failure('usage', `The file '${file}' cannot be read: ${message}`, { cause: error });
  }
}

/** A link is made only where there is none of the name; a file system without links gets a rename. */
async function publish(temporary: string, file: string): Promise<void> {
  try {
    await files.link(temporary, file);
  } catch (error) {
    if (!['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw error;
    await requireNew(file);
    await files.rename(temporary, file);
  }
  if (process.platform === 'win32') return;
  const folder = await files.open(path.dirname(file), 'r');
  await folder.sync().finally(() => folder.close());
}

function diskFailure(file: string, cause: unknown): Failure | undefined {
  const sentences: Record<string, [kind: 'conflict' | 'usage' | 'unavailable', why: string]> = {
    EEXIST: ['conflict', `There is a file '${file}' already`],
    ENOENT: ['usage', `The folder of '${file}' does not exist`],
    ENOTDIR: ['usage', `A part of the path of '${file}' is not a folder`],
    EACCES: ['usage', `The file '${file}' cannot be written: permission denied`],
    EPERM: ['usage', `The file '${file}' cannot be written: permission denied`],
    EROFS: ['usage', `The file '${file}' cannot be written: the file system is read-only`],
    ENOSPC: ['unavailable', `Writing '${file}' failed: the disk is full`],
    EDQUOT: ['unavailable', `Writing '${file}' failed: the quota of the disk is used up`],
    EFBIG: ['unavailable', `Writing '${file}' failed: files may not be larger here`],
    EIO: ['unavailable', `Writing '${file}' failed: the disk reports an error`],
  };
  const found = sentences[(cause as NodeJS.ErrnoException).code ?? ''];
  return (
    found &&
    new Failure(found[0], found[1], {
      hint: found[0] === 'unavailable' ? 'nothing was kept' : undefined,
      cause,
    })
  );
}
