import { Option } from '@commander-js/extra-typings';
import { timezone } from '../readers.ts';

export const runDueOption = new Option(
  '--run-due',
  'one entry that runs what is due every minute, in place of one for each task',
).default(false);
export const daemonOption = new Option(
  '--daemon',
  'with systemd: one service that follows the timetable, in place of timers',
).default(false);
export const userOption = new Option(
  '--user',
  'of this account: its crontab (usual for cron), its own systemd',
).default(false);
export const systemOption = new Option(
  '--system',
  'of the host: /etc/cron.d, /etc/systemd/system (usual for systemd)',
).default(false);
export const timezoneOption = new Option(
  '--timezone <zone>',
  "the timetable of the settings in this zone, without asking the database (else the database's " + 'own)',
).argParser(timezone);
export const hostTimezoneOption = new Option(
  '--host-timezone <zone>',
  "the zone that this host's cron runs in (the host's)",
).argParser(timezone);
export const accountOption = new Option(
  '--account <name>',
  'the account of the tasks with --system (subctl)',
);
export const logOption = new Option(
  '--log <file>',
  'with cron: add what the tasks print to this file (else cron mails what goes wrong)',
);
