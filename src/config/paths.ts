import { userInfo } from 'node:os';
import path from 'node:path';
import { Failure } from '../domain/failure.ts';
import type { Environment } from './environment.ts';

/**
 * The folder that holds the embedded database when nothing else is said: the user's data folder of the operating system, and for root,
 * whose own folder no other account can enter, a system folder. The account's entry stands in for an empty or missing HOME.
 */
export function defaultHome(env: Environment): string {
  if (process.getuid?.() === 0) {
    return process.platform === 'darwin' ? '/Library/Application Support/subctl' : '/var/lib/subctl';
  }
  switch (process.platform) {
    case 'win32':
      return path.join(
        env['LOCALAPPDATA'] || path.join(homeFolder(env), 'AppData', 'Local'),
        'subctl',
        'Data',
      );
    case 'darwin':
      return path.join(homeFolder(env), 'Library', 'Application Support', 'subctl');
    default:
      return path.join(
        absolute(env['XDG_DATA_HOME']) ?? path.join(homeFolder(env), '.local', 'share'),
        'subctl',
      );
  }
}

/** `file` as an absolute path: `~/` is the home folder, anything relative starts at `folder`. */
export function resolvePath(file: string, folder: string, env: Environment): string {
  return /^~[/\\]/.test(file) ? path.join(homeFolder(env), file.slice(2)) : path.resolve(folder, file);
}

function homeFolder(env: Environment): string {
  const found = absolute(env['HOME']) ?? absolute(env['USERPROFILE']) ?? accountsFolder();
  if (found) return found;
  throw new Failure(
    'config',
    'This account has no home folder, so there is no place for the embedded database',
    {
      hint: 'name one with SUBCTL_HOME, or set DATABASE_URL',
    },
  );
}

function accountsFolder(): string | undefined {
  try {
    return absolute(userInfo().homedir);
  } catch {
    return undefined; // a container's uid without a passwd entry
  }
}

function absolute(folder: string | undefined): string | undefined {
  return folder && path.isAbsolute(folder) ? folder : undefined;
}
