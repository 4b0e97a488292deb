import type { Outcome } from '../../terminal/outcome.ts';
import { verb } from '../verb.ts';
import { type Shell, scriptFor } from './scripts.ts';

/** Creates the command that prints the script of one shell. `where` is the file from which the shell loads it. */
export function printScript(shell: Shell, where: string) {
  const command = verb({
    examples: [
      [`subctl completion ${shell}`, `print the script, to be saved in ${where}`],
      [`subctl completion ${shell} > subctl.${shell}`, 'write it to a file'],
    ],
    needs: 'nothing',
  }).description(
    'The script gets completions from the program: commands, options, and names from the database.',
  );
  return { command, run: (): Promise<Outcome> => Promise.resolve({ text: scriptFor(shell) }) };
}
