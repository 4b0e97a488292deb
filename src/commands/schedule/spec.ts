import { type Loading, command } from '../command.ts';

export const printSchedule = command({
  path: 'schedule print',
  summary: 'Print the timetable as a crontab, systemd units or Windows tasks',
  description: `What it prints holds this installation's real paths, the database it must use (so that a lost DATABASE_URL is exit code 5 and never another database), and treats exit code 8, another run at work, as success.

Crontabs know only the zone of their host, systemd units and Windows tasks are written in UTC. The timetable is converted where that can be done exactly for the whole year, and refused where clock changes make the zones diverge; --run-due is right in every zone: one entry, every minute, that asks the timetable what is due.`,
  group: 'work',
  arguments: [
    {
      name: 'kind',
      kind: 'choice',
      choices: ['cron', 'systemd', 'windows'],
      about: 'cron, systemd or windows',
    },
  ],
  options: [
    {
      flag: '--run-due',
      about: 'one entry that runs what is due every minute, in place of one for each task',
    },
    {
      flag: '--timezone',
      value: 'zone',
      kind: 'timezone',
      about:
        "the timetable as it is shipped, in this zone, without asking the database (else the database's own)",
    },
    {
      flag: '--host-timezone',
      value: 'zone',
      kind: 'timezone',
      about: "the zone that this host's cron runs in (the host's)",
    },
    { flag: '--account', value: 'name', about: 'the account that systemd runs it under (subctl)' },
    {
      flag: '--directory',
      value: 'folder',
      about: 'write the files into this folder in place of printing them',
    },
  ],
  examples: [
    {
      command: 'subctl schedule print cron --timezone UTC --host-timezone UTC',
      about: 'lines for: crontab -e',
    },
    { command: 'subctl schedule print systemd --run-due', about: 'one timer for everything' },
  ],
  exits: [4],
  rows: true,
  asOf: true,
  needs: 'nothing',
  load: (): Loading => import('./print.ts'),
});

export const schedule = [printSchedule] as const;
