import { randomBytes } from 'node:crypto';
import { constants, promises as files } from 'node:fs'; // `promises` is loaded when it is first used
import path from 'node:path';
import { Failure } from '../domain/failure.ts';
import type { Terminal } from './terminal.ts';

/** Where a result goes. Nothing is there to see for others before `commit` when it is a file. */
export interface Sink {
  write(text: string): Promise<void>;
  /** the reader has gone: stop early */
  readonly closed: boolean;
  commit(): Promise<void>;
  abandon(): Promise<void>;
  /** it is a file of its own, and no device or pipe */
  readonly isFile?: true;
}

/** Stdout as a sink: what is written is written. */
export function stdoutSink(terminal: Terminal): Sink {
  return {
    write: (text) => terminal.out(text),
    get closed() {
      return terminal.readerGone;
    },
    commit: async () => undefined,
    abandon: async () => undefined,
  };
}

/**
 * A file that is written whole or not at all: a temporary neighbour, renamed on `commit`. An existing file is replaced and keeps its
 * mode; a new one has `mode`, less what the umask takes; a link is followed.
 * @throws Failure usage when the folder is missing or may not be written, or the name is a folder
 */
export async function fileSink(file: string, mode = 0o666): Promise<Sink> {
  const target = await files.realpath(file).catch(() => path.resolve(file));
  const existing = await files.stat(target).catch(() => undefined);
  if (existing?.isDirectory()) throw isFolder(file);
  if (existing && !existing.isFile()) return openFailing(file, () => directSink(target));
  const temporary = path.join(
    path.dirname(target),
    `.${path.basename(target)}.${randomBytes(6).toString('hex')}.tmp`,
  );
  const handle = await openFailing(file, () =>
    files.open(temporary, 'wx', existing ? existing.mode & 0o777 : mode),
  );
  return {
    isFile: true,
    write: (text) => writeFailing(file, () => handle.writeFile(text)),
    closed: false,
    async commit() {
      await writeFailing(
        file,
        async () => (await handle.sync(), await handle.close(), await files.rename(temporary, target)),
      );
    },
    async abandon() {
      await handle.close().catch(() => undefined);
      await files.rm(temporary, { force: true });
    },
  };
}

/**
 * Makes sure, before any work is done, that `fileSink` will be able to write `file`.
 * @throws Failure usage when it will not
 */
export async function checkOutput(file: string): Promise<void> {
  const target = await files.realpath(file).catch(() => path.resolve(file));
  const existing = await files.stat(target).catch(() => undefined);
  if (existing?.isDirectory()) throw isFolder(file);
  const written = existing && !existing.isFile() ? target : path.dirname(target);
  await openFailing(file, () => files.access(written, constants.W_OK));
}

/** Takes away the file of an earlier run, where there is one; a device or a pipe stays. */
export async function removeOutput(file: string): Promise<void> {
  const existing = await files.stat(file).catch(() => undefined);
  if (existing?.isFile()) await writeFailing(file, () => files.rm(file, { force: true }));
}

function isFolder(file: string): Failure {
  return new Failure('usage', `The --output '${file}' is a folder`, { hint: 'Name a file in it' });
}

/** A device or a pipe (`/dev/stdout`) cannot be replaced by a rename and is written as it comes. */
async function directSink(target: string): Promise<Sink> {
  const handle = await files.open(target, 'w');
  const close = () => handle.close().catch(() => undefined);
  return {
    write: (text) => writeFailing(target, () => handle.writeFile(text)),
    closed: false,
    commit: close,
    abandon: close,
  };
}

async function openFailing<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new Failure('usage', `The --output '${file}' cannot be written: ${reasonOf(error)}`, {
      hint: 'Name a file in a folder that exists and that you may write to',
      cause: error,
    });
  }
}

async function writeFailing<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new Failure('unavailable', `Writing '${file}' failed: ${reasonOf(error)}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const known: Record<string, string> = {
    ENOENT: 'its folder does not exist',
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EROFS: 'the file system is read-only',
    ENOTDIR: 'a part of its path is not a folder',
    ENOSPC: 'the disk is full',
  };
  return known[code ?? ''] ?? message;
}
