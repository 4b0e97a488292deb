import type { Outcome } from '../../terminal/outcome.ts';
import { verb } from '../verb.ts';
import { type Shell, scriptFor } from './scripts.ts';

/** The command that prints the script of one shell. `where` is a file in which that shell looks for it. */
export function printScript(shell: Shell, where: string) {
  const command = verb({
    examples: [
      [`subctl completion ${shell}`, `print the script; it belongs in ${where}`],
      [`subctl completion install ${shell}`, 'put it there'],
    ],
    needs: 'nothing',
  }).description(
    'The script asks subctl what may stand at the cursor: commands, options, and names from the database.',
  );
  return { command, run: (): Promise<Outcome> => Promise.resolve({ text: scriptFor(shell) }) };
}
