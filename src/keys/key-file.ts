import { lstat, open, realpath, rename, rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../domain/failure.ts';

/** The most bytes that a file of master keys may have. */
const most = 65_536;

/**
 * Reads a file of master keys after its permissions. It may be readable by its owner only; or by a group too where root owns it, as
 * Kubernetes' `fsGroup` makes it; or by all where only the container has it: under /run/secrets (Docker, Podman) and in a volume of
 * Kubernetes. Nobody but its owner may write it. Windows has other permissions, which are not looked at.
 * @throws Failure config for a file that is missing, empty, too large, no file, open to others, or beside the database that it protects
 */
export async function readKeyFile(file: string, home: string): Promise<string> {
  const handle = await openFile(file);
  try {
    const { mode, uid, size } = await checkKind(handle, file);
    const real = await realpath(file);
    if (process.platform !== 'win32') checkMode({ file, real, mode: mode & 0o777, uid });
    await checkPlace(file, { real, home });
    if (size === 0)
      throw new Failure('config', `The master key file ${file} is empty`, {
        hint: 'Restore it from where you keep a copy',
      });
    if (size > most)
      throw new Failure('config', `The master key file ${file} has ${size} bytes: ${most} are the most`);
    return (await handle.readFile()).toString('utf8');
  } finally {
    await handle.close();
  }
}

async function openFile(file: string): Promise<FileHandle> {
  try {
    if ((await lstat(file)).isFIFO()) throw new Failure('config', `The master key file ${file} is no file`);
    return await open(file, 'r');
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT')
      throw new Failure('config', `There is no master key file ${file}`, {
        hint: `Make one: subctl keys create-master-key ${file}`,
        cause,
      });
    throw new Failure(
      'config',
      `The master key file ${file} cannot be read: ${reasons[code ?? ''] ?? message}`,
      {
        hint: 'Run it as the account that owns the file',
        cause,
      },
    );
  }
}

const reasons: Readonly<Partial<Record<string, string>>> = {
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
};

async function checkKind(handle: FileHandle, file: string) {
  const facts = await handle.stat();
  if (facts.isFile()) return facts;
  throw new Failure('config', `The master key file ${file} is no file`, { hint: 'Name the file itself' });
}

interface Facts {
  file: string;
  /** without links */
  real: string;
  mode: number;
  uid: number;
}

/** A volume of Kubernetes: its files are links into a folder with the time in its name. */
const kubernetes = /\/\.\.\d{4}_\d\d_\d\d_\d\d_\d\d_\d\d\.\d+\//;
const ofContainer = /^\/(var\/)?run\/secrets\//;

/** @throws Failure config when somebody else may read or write it */
export function checkMode({ file, real, mode, uid }: Facts): void {
  const shown = mode.toString(8).padStart(4, '0');
  const hint = `Make it yours alone: chmod 600 ${file}`;
  if (mode & 0o022)
    throw new Failure('config', `The master key file ${file} can be written by others (mode ${shown})`, {
      hint,
    });
  const isContainers = ofContainer.test(real) || ofContainer.test(file) || kubernetes.test(real);
  if (isContainers || (mode & 0o077) === 0) return;
  if (uid === 0 && (mode & 0o007) === 0) return;
  throw new Failure('config', `The master key file ${file} can be read by others (mode ${shown})`, { hint });
}

/** A key beside what it protects is copied with it. */
async function checkPlace(file: string, { real, home }: { real: string; home: string }): Promise<void> {
  const folder = await realpath(home).catch(() => path.resolve(home));
  const way = path.relative(folder, real);
  if (way === '' || way.startsWith('..') || path.isAbsolute(way)) return;
  throw new Failure(
    'config',
    `The master key file ${file} is in the folder of the database that it protects`,
    {
      hint: 'Move it: a copy of the folder would have both',
    },
  );
}

/**
 * Writes a new file of mode 0600 that holds `text`, whole or not at all.
 * @throws Failure conflict when it is there already: a master key is never overwritten
 */
export async function createKeyFile(file: string, text: string): Promise<void> {
  let handle: FileHandle;
  try {
    handle = await open(file, 'wx', 0o600);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST')
      throw new Failure(
        'conflict',
        `There is a file ${file} already, and a master key is never overwritten`,
        {
          hint: `Give another name, or add a key to it: subctl keys create-master-key ${file} --add`,
          cause,
        },
      );
    throw new Failure('usage', `The file ${file} cannot be written: ${message}`, {
      hint: 'Give a path in a folder that is there',
      cause,
    });
  }
  try {
    await handle.writeFile(text);
    await handle.sync();
  } catch (cause) {
    await rm(file, { force: true });
    throw new Failure('unavailable', `The file ${file} cannot be written: ${(cause as Error).message}`, {
      cause,
    });
  } finally {
    await handle.close();
  }
}

/** Replaces a file of master keys by one that holds `text`, at once: who reads it finds the old or the new one. */
export async function replaceKeyFile(file: string, text: string): Promise<void> {
  const real = await realpath(file);
  const beside = `${real}.${process.pid}.new`;
  await createKeyFile(beside, text);
  await rename(beside, real);
}
