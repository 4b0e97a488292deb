import { existsSync } from 'node:fs';
import path from 'node:path';
import { Failure } from '../../domain/failure.ts';
import { createKeyFile, readKeyFile, replaceKeyFile } from '../../keys/key-file.ts';
import { createMasterKey, readKeyRing } from '../../keys/master-key.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl keys create-master-key master.key', 'once per installation'],
    ['subctl keys create-master-key master.key --add', 'before a rotation'],
  ],
  exits: [5, 8],
  rows: true,
  needs: 'nothing',
})
  .description(
    'The master key encrypts provider API keys and is never stored in the database. Keep a copy of ' +
      'the file elsewhere: without it the stored keys cannot be read. An existing file is never ' +
      'overwritten.\n\n' +
      'Set SUBCTL_MASTER_KEY_FILE to the file. A file may contain several master keys, one per line: ' +
      'the first encrypts, all decrypt. To rotate, add a new key with --add, run keys rotate, and ' +
      'remove the old line. If several hosts have copies, use --last: the new key only decrypts until ' +
      'every host has it.',
  )
  .argument('<file>', 'the new file, outside the database folder')
  .option('--add', 'add a new first key to an existing file; it encrypts from now on', false)
  .option('--last', 'with --add: add the key last, so that it only decrypts', false);

/** Creates a master key in a file and prints its id, never the key. */
export async function run(
  { cwd, settings }: Context,
  given: string,
  { add, last }: Options<typeof command>,
): Promise<Outcome> {
  const file = path.resolve(cwd, given);
  if (last && !add) throw new Failure('usage', '--last requires --add', { hint: 'Give both' });
  const { home } = (await settings()).masterKey;
  const created = createMasterKey();
  const before = add ? await readKeyFile(file, home) : '';
  if (add) {
    readKeyRing(before, `the file ${file}`);
    await replaceKeyFile(file, last ? `${before.trimEnd()}\n${created}\n` : `${created}\n${before}`);
  } else {
    if (path.relative(home, file).split(path.sep)[0] !== '..' && existsSync(home))
      throw new Failure('usage', `The file ${file} is in the folder of the database that it protects`, {
        hint: 'Give another folder: a copy of this one would contain both',
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
            ? 'When every host has this file, move the new key to the first line'
            : 'Next: run subctl keys rotate, then remove the old line from the file',
        ]
      : [`Keep a copy of it elsewhere, then set SUBCTL_MASTER_KEY_FILE=${file}`],
  };
}
