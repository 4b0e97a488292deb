import { Option } from '@commander-js/extra-typings';
import { timezone } from '../readers.ts';

export const runDueOption = new Option(
  '--run-due',
  'one entry that runs due tasks every minute, instead of one entry per task',
).default(false);
export const daemonOption = new Option(
  '--daemon',
  'with systemd: one service that follows the timetable, instead of timers',
).default(false);
export const userOption = new Option(
  '--user',
  'for this account: its crontab (default for cron), its systemd user instance',
).default(false);
export const systemOption = new Option(
  '--system',
  'for the host: /etc/cron.d, /etc/systemd/system (default for systemd)',
).default(false);
export const timezoneOption = new Option(
  '--timezone <zone>',
  "time zone of the timetable, without connecting to the database (default: the database's zone)",
).argParser(timezone);
export const hostTimezoneOption = new Option(
  '--host-timezone <zone>',
  "time zone of cron on the target host (default: this host's zone)",
).argParser(timezone);
export const accountOption = new Option(
  '--account <name>',
  'with --system: account that runs the tasks (default: subctl)',
);
export const logOption = new Option(
  '--log <file>',
  'with cron: append output to this file (default: cron mails errors)',
);
