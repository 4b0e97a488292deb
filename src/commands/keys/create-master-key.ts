import { existsSync } from 'node:fs';
import path from 'node:path';
import { Failure } from '../../domain/failure.ts';
import { createKeyFile, readKeyFile, replaceKeyFile } from '../../keys/key-file.ts';
import { createMasterKey, readKeyRing } from '../../keys/master-key.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { KeySpecs } from './spec.ts';

/** Makes a master key in a file and prints its id, never the key. */
export async function run(
  { cwd, settings }: Context,
  { file: given, add, last }: InputOf<KeySpecs['createMasterKey']>,
): Promise<Outcome> {
  const file = path.resolve(cwd, given);
  if (last && !add) throw new Failure('usage', '--last goes with --add', { hint: 'Give both' });
  const { home } = (await settings()).masterKey;
  const created = createMasterKey();
  const before = add ? await readKeyFile(file, home) : '';
  if (add) {
    readKeyRing(before, `the file ${file}`);
    await replaceKeyFile(file, last ? `${before.trimEnd()}\n${created}\n` : `${created}\n${before}`);
  } else {
    if (path.relative(home, file).split(path.sep)[0] !== '..' && existsSync(home))
      throw new Failure('usage', `The file ${file} is in the folder of the database that it protects`, {
        hint: 'Give another folder: a copy of this one would have both',
      });
    await createKeyFile(file, `${created}\n`);
  }
  const { first, all } = readKeyRing(await readKeyFile(file, home), `the file ${file}`);
  const { id } = readKeyRing(created, 'it').first;
  const record = { master_key: id, file, encrypts: first.id === id, keys: [...all.keys()] };
  return {
    record,
    sections: [
      {
        entries: [
          ['master key', id],
          ['file', file],
          ['encrypts', first.id === id ? 'yes' : 'no, it only decrypts'],
          ...(all.size > 1 ? [['keys in the file', record.keys.join(', ')] as const] : []),
        ],
      },
    ],
    notes: add
      ? [
          last
            ? 'When every host has this file, put the new key first'
            : 'Now: subctl keys rotate, then take the old line out of the file',
        ]
      : [`Keep a copy of it elsewhere, then set SUBCTL_MASTER_KEY_FILE=${file}`],
  };
}
