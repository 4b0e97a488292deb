import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { allSpecs } from '../specs-of.ts';
import { scriptFor } from './scripts.ts';
import type { completion } from './spec.ts';
import { wordsOf } from './words.ts';

/** Prints the completion script of a shell. It holds all words itself and starts nothing when it completes. */
export async function run(_: Context, { shell }: InputOf<typeof completion>): Promise<Outcome> {
  return { text: scriptFor(shell, wordsOf(await allSpecs())) };
}
