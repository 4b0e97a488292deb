import { printScript } from './print-script.ts';

export const { command, run } = printScript('powershell', 'your profile ($PROFILE)');
