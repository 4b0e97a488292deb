import { type RotatedKeys, rotateKeys } from '../../keys/rotate-keys.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { keyRing } from './ring.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl keys rotate', 'after a new master key was added'],
    ['subctl keys rotate --dry-run', 'count the keys under an old one'],
  ],
  exits: [8],
  rows: true,
  asOf: true,
  writes: true,
}).description(
  'Rotates the master key without downtime. Configure the new and the old key together, the new ' +
    'one first (a file with two lines, or SUBCTL_MASTER_KEY=new,old). Run keys rotate, then remove ' +
    'the old one. All keys are re-encrypted in one transaction: an interrupted run leaves every key ' +
    'readable, and can be repeated.\n\n' +
    'To replace the value of one key, use keys set.',
);

/** Encrypts all keys with the first master key. */
export async function run(context: Context): Promise<Outcome> {
  const ring = await keyRing(context);
  const done = await write<RotatedKeys>(
    context,
    { action: 'keys rotate', asked: { master_key: ring.first.id } },
    (tx, change) => rotateKeys(tx, change, ring),
  );
  const { rotated, unused, master_key: id } = done;
  const count = `${rotated.length} ${rotated.length === 1 ? 'key' : 'keys'}`;
  return {
    record: { ...done, dry_run: context.dryRun },
    sections: [
      {
        entries: [
          ['master key', id],
          [context.dryRun ? 'would be re-encrypted' : 're-encrypted', count],
          ['already up to date', done.unchanged],
        ],
      },
    ],
    notes:
      unused.length > 0 && !context.dryRun
        ? [`No key needs ${unused.join(', ')} any longer: remove it, unless an older backup needs it`]
        : [],
  };
}
