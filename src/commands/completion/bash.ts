import { printScript } from './print-script.ts';

export const { command, run } = printScript('bash', '~/.local/share/bash-completion/completions/subctl');
