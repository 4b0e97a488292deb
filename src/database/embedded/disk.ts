import { Failure } from '../../domain/failure.ts';

const elsewhere = 'choose another folder with SUBCTL_HOME, or use your own PostgreSQL with DATABASE_URL';

/** Runs `work` on files of `folder`; a folder that is full, read-only, forbidden or no folder is one sentence (`unavailable` or `config`). */
export function onDisk<T>(folder: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw diskFailure(folder, error) ?? error;
  }
}

/** The Failure for an error of the file system, or for what a PostgreSQL program printed about one; undefined for anything else. */
export function diskFailure(folder: string, error: unknown): Failure | undefined {
  if (error instanceof Failure) return error;
  const said =
    error instanceof Error
      ? `${(error as NodeJS.ErrnoException).code ?? ''} ${error.message}`
      : String(error);
  const options = { hint: elsewhere, cause: error };
  if (/ENOSPC|EDQUOT|No space left on device|Disk quota exceeded/.test(said)) {
    return new Failure('unavailable', `There is no space left for the embedded database in ${folder}`, {
      ...options,
      hint: `free some space, or ${elsewhere}`,
    });
  }
  if (/EROFS|Read-only file system/.test(said)) {
    return new Failure(
      'config',
      `The embedded database's folder ${folder} is on a read-only file system`,
      options,
    );
  }
  if (/EACCES|EPERM|Permission denied/.test(said)) {
    return new Failure(
      'config',
      `The embedded database's folder ${folder} may not be read and written by this account`,
      options,
    );
  }
  if (/ENOTDIR|EEXIST|ENAMETOOLONG|ELOOP|ENOENT.*mkdir/.test(said)) {
    return new Failure(
      'config',
      `The embedded database cannot be in ${folder}: it is not a usable folder`,
      options,
    );
  }
  return undefined;
}
