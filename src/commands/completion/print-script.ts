import type { Outcome } from '../../terminal/outcome.ts';
import { describeAll } from '../describe-all.ts';
import type { Context } from '../context.ts';
import { scriptFor } from './scripts.ts';
import { wordsOf } from './words.ts';
import { verb } from '../verb.ts';
import { Argument } from '@commander-js/extra-typings';

export const command = verb({
  examples: [
    ['subctl completion bash', 'put it in ~/.local/share/bash-completion/completions/subctl'],
    ['subctl completion zsh', 'put it in a folder of $fpath as _subctl'],
  ],
  needs: 'nothing',
}).addArgument(
  new Argument('<shell>', 'the shell that will run it').choices(['bash', 'zsh', 'fish', 'powershell']),
);

/** Prints the completion script of a shell. It holds all words itself and starts nothing when it completes. */
export async function run(context: Context, shell: 'bash' | 'zsh' | 'fish' | 'powershell'): Promise<Outcome> {
  return { text: scriptFor(shell, wordsOf(await describeAll(context.program))) };
}
