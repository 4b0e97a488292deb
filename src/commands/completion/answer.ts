import { oneLine } from '../../domain/plain-text.ts';
import type { Environment, Terminal } from '../../terminal/terminal.ts';
import type { Program } from '../program-types.ts';
import { completeLine } from './complete-line.ts';
import { nameFinder } from './find-names.ts';

interface Around {
  program: Program;
  terminal: Terminal;
  env: Environment;
  cwd: string;
}

/**
 * Answers a completion script: `subctl __complete WORD…`, where the last word is the one at the cursor. Prints a line
 * `value<TAB>description` for each candidate, and `:files` last when the shell should complete paths. Never fails and prints no error.
 */
export async function answerCompletion(
  words: readonly string[],
  { program, terminal, env, cwd }: Around,
): Promise<number> {
  const found = await completeLine(words, { program, findNames: nameFinder({ env, cwd }) }).catch(
    () => undefined,
  );
  const lines = found?.candidates.map(({ value, about }) => `${oneLine(value)}\t${oneLine(about)}\n`) ?? [];
  await terminal.out(lines.join('') + (found?.files ? ':files\n' : ''));
  return 0;
}
