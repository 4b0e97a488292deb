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
