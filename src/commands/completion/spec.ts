import { type Loading, command } from '../command.ts';

export const completion = command({
  path: 'completion',
  summary: 'Print a script that completes commands and options in a shell',
  group: 'look',
  arguments: [
    {
      name: 'shell',
      kind: 'choice',
      choices: ['bash', 'zsh', 'fish', 'powershell'],
      about: 'the shell that will run it',
    },
  ],
  examples: [
    {
      command: 'subctl completion bash',
      about: 'put it in ~/.local/share/bash-completion/completions/subctl',
    },
    { command: 'subctl completion zsh', about: 'put it in a folder of $fpath as _subctl' },
  ],
  needs: 'nothing',
  load: (): Loading => import('./print-script.ts'),
});
