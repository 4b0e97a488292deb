import type { MasterKeySettings } from '../config/settings.ts';
import { Failure } from '../domain/failure.ts';
import { runKeyCommand } from './key-command.ts';
import { readKeyFile } from './key-file.ts';
import { type KeyRing, howToMake, readKeyRing } from './master-key.ts';

/** The master keys of an installation, where some are configured. */
export async function findKeyRing(settings: MasterKeySettings): Promise<KeyRing | undefined> {
  const { text, file, command, commandSource = '', home } = settings;
  const given = [
    text !== undefined && 'SUBCTL_MASTER_KEY',
    file !== undefined && 'SUBCTL_MASTER_KEY_FILE',
    command !== undefined && 'SUBCTL_MASTER_KEY_COMMAND',
  ].filter((name) => name !== false);
  if (given.length > 1)
    throw new Failure('config', `Both ${given.slice(0, 2).join(' and ')} are set`, {
      hint: 'Set only one of them',
    });
  if (text !== undefined) return readKeyRing(text, 'SUBCTL_MASTER_KEY');
  if (file !== undefined) return readKeyRing(await readKeyFile(file, home), `the file ${file}`);
  if (command === undefined) return undefined;
  if (commandSource.endsWith('.env'))
    throw new Failure(
      'config',
      'SUBCTL_MASTER_KEY_COMMAND stands in .env, and a program is run only for the environment itself',
      {
        hint: 'Set it in the environment of the process: a file of the working folder may be anybody’s',
      },
    );
  return readKeyRing(await runKeyCommand(command), 'SUBCTL_MASTER_KEY_COMMAND');
}

/** Gives a ring: the one in memory, or a fresh one. */
export type OpenKeyRing = (fresh: boolean) => Promise<KeyRing>;

/** How long what a program printed is remembered, in milliseconds: each call of a KMS takes time and money. */
const memoryMs = 60_000;

/**
 * For a process that stays: files are read each time, so that a rotation needs no restart, and the program of a command is run once a
 * minute, or when a fresh ring is asked for.
 */
export function rememberKeyRing(settings: MasterKeySettings, clock: () => Date): OpenKeyRing {
  let held: { ring: Promise<KeyRing>; until: number } | undefined;
  return (fresh) => {
    const now = clock().getTime();
    if (settings.command === undefined) return openKeyRing(settings);
    if (!held || fresh || held.until <= now) {
      const ring = openKeyRing(settings);
      held = { ring, until: now + memoryMs };
      ring.catch(() => (held = undefined));
    }
    return held.ring;
  };
}

/** Works with the ring in memory, and once more with a fresh one where a key is under a master key that it has not. */
export async function withKeyRing<T>(open: OpenKeyRing, work: (ring: KeyRing) => Promise<T>): Promise<T> {
  const ring = await open(false);
  try {
    return await work(ring);
  } catch (error) {
    if (!(error instanceof Failure) || error.details?.['state'] !== 'wrong_master_key') throw error;
    return work(await open(true));
  }
}

/** The same. @throws Failure config where none is configured */
export async function openKeyRing(settings: MasterKeySettings): Promise<KeyRing> {
  const found = await findKeyRing(settings);
  if (found) return found;
  throw new Failure(
    'config',
    'No master key is configured, so provider keys can be neither stored nor read',
    {
      hint: `${howToMake}, then set SUBCTL_MASTER_KEY_FILE=FILE`,
    },
  );
}
