import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Argument } from '@commander-js/extra-typings';
import { Failure } from '../../domain/failure.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Environment } from '../../terminal/terminal.ts';
import type { Context } from '../context.ts';
import { verb } from '../verb.ts';
import { type Shell, scriptFor, shells } from './scripts.ts';

export const command = verb({
  examples: [
    ['subctl completion install', 'for the shell of SHELL'],
    ['subctl completion install fish', 'for another shell'],
  ],
  rows: true,
  needs: 'nothing',
})
  .description(
    'Writes the completion script to the folder from which the shell loads scripts of this account.',
  )
  .addArgument(
    new Argument('[shell]', 'the shell (default: the one of SHELL)').choices(['bash', 'zsh', 'fish']),
  );

/** Writes the completion script of a shell. @throws Failure usage for an unknown shell */
export async function run(context: Context, asked: 'bash' | 'zsh' | 'fish' | undefined): Promise<Outcome> {
  const { env } = context;
  const name = asked ?? path.basename(env.SHELL ?? '');
  const shell = shells.find((one) => one === name && one !== 'powershell');
  if (!shell)
    throw new Failure('usage', `The shell '${name}' has no completion that can be installed`, {
      hint: 'Name one: subctl completion install bash',
    });
  const { file, note } = placeFor(shell, env);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, scriptFor(shell));
  return { record: { shell, file }, notes: [note] };
}

/** The file from which a shell loads the script, and a note on what is left to do. */
function placeFor(shell: Shell, env: Environment): { file: string; note: string } {
  const home = env.HOME ?? '';
  if (home === '')
    throw new Failure('usage', 'HOME is not set, so there is no folder for the script', {
      hint: `subctl completion ${shell} prints it`,
    });
  if (shell === 'fish')
    return {
      file: path.join(env.XDG_CONFIG_HOME ?? path.join(home, '.config'), 'fish/completions/subctl.fish'),
      note: 'New shells use it.',
    };
  if (shell === 'zsh')
    return {
      file: path.join(env.ZDOTDIR ?? home, '.zfunc/_subctl'),
      note: 'Add to .zshrc, before compinit: fpath+=(~/.zfunc)',
    };
  const folder =
    env.BASH_COMPLETION_USER_DIR ??
    path.join(env.XDG_DATA_HOME ?? path.join(home, '.local/share'), 'bash-completion');
  return {
    file: path.join(folder, 'completions/subctl'),
    note: 'New shells use it, if the package bash-completion is installed.',
  };
}
