import { printScript } from './print-script.ts';

export const { command, run } = printScript('fish', '~/.config/fish/completions/subctl.fish');
