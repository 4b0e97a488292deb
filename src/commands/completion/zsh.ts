import { printScript } from './print-script.ts';

export const { command, run } = printScript('zsh', '~/.zfunc/_subctl');
