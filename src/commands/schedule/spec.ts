import { type Loading, command } from '../command.ts';

const kind = {
  name: 'kind',
  kind: 'choice',
  choices: ['cron', 'systemd', 'windows'],
  about: 'cron, systemd or windows',
} as const;

/** What is printed for: a cluster has its own way to be told. */
const printedKind = {
  name: 'kind',
  kind: 'choice',
  choices: ['cron', 'systemd', 'windows', 'kubernetes'],
  about: 'cron, systemd, windows or kubernetes',
} as const;

const scope = [
  { flag: '--user', about: 'of this account: its crontab (usual for cron), its own systemd' },
  { flag: '--system', about: 'of the host: /etc/cron.d, /etc/systemd/system (usual for systemd)' },
] as const;

const options = [
  {
    flag: '--run-due',
    about: 'one entry that runs what is due every minute, in place of one for each task',
  },
  { flag: '--daemon', about: 'with systemd: one service that follows the timetable, in place of timers' },
  ...scope,
  {
    flag: '--timezone',
    value: 'zone',
    kind: 'timezone',
    about:
      "the timetable of the settings in this zone, without asking the database (else the database's own)",
  },
  {
    flag: '--host-timezone',
    value: 'zone',
    kind: 'timezone',
    about: "the zone that this host's cron runs in (the host's)",
  },
  { flag: '--account', value: 'name', about: 'the account of the tasks with --system (subctl)' },
  {
    flag: '--log',
    value: 'file',
    about: 'with cron: add what the tasks print to this file (else cron mails what goes wrong)',
  },
] as const;

export const printSchedule = command({
  path: 'schedule print',
  summary: 'Print the timetable as a crontab, systemd units, Windows tasks or Kubernetes manifests',
  description: `What it prints holds this installation's real paths, the database it must use (so that a lost DATABASE_URL is exit code 5 and never another database), and treats exit code 8, another run at work, as success. Secrets are never in it: they are read from files of their own.

Crontabs know only the zone of their host, systemd units and Windows tasks are written in UTC. The timetable is converted where that can be done exactly for the whole year, and refused where clock changes make the zones diverge; --run-due is right in every zone: one entry, every minute, that asks the timetable what is due.

For Kubernetes it prints a CronJob for each task in the timetable's own zone, or with --daemon a Deployment. Their containers run without root and read secrets from a Secret.`,
  group: 'work',
  arguments: [printedKind],
  options: [
    ...options,
    { flag: '--image', value: 'name', about: 'with kubernetes: the image, subctl:VERSION unless said' },
    {
      flag: '--secret',
      value: 'name',
      about: 'with kubernetes: the Secret with DATABASE_URL and the like (subctl)',
    },
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
    { command: 'subctl schedule print systemd --daemon', about: 'one service and no timer' },
    {
      command: 'subctl schedule print kubernetes --timezone UTC --image registry.example.org/subctl:0.1.0',
      about: 'CronJobs for: kubectl apply -f -',
    },
  ],
  exits: [4],
  rows: true,
  asOf: true,
  needs: 'nothing',
  load: (): Loading => import('./print.ts'),
});

export const installSchedule = command({
  path: 'schedule install',
  summary: 'Install the timetable in the crontab, systemd or Task Scheduler of this host',
  description: `It puts what schedule print prints in its place, instead of what was installed before, and starts it. Lines and units of others are left alone; done twice it changes nothing. Secrets that stand in the environment (DATABASE_URL) are written into files that only the account can read. The timetable of the settings is taken over into the database.

Run it again after a change of the timetable, after jobs pause and resume, and after an update; schedule status says when that is needed. --dry-run shows the lines that would change.`,
  group: 'work',
  arguments: [kind],
  options,
  examples: [
    {
      command: 'subctl schedule install cron --run-due --dry-run',
      about: 'what would come into your crontab',
    },
    {
      command: 'subctl schedule install systemd --daemon --user --dry-run',
      about: 'the daemon, without being root',
    },
  ],
  exits: [4, 8],
  rows: true,
  writes: true,
  asOf: true,
  load: (): Loading => import('./install.ts'),
});

export const uninstallSchedule = command({
  path: 'schedule uninstall',
  summary: 'Take the timetable out of the crontab, systemd or Task Scheduler of this host',
  description:
    'It removes what schedule install put there, and nothing else; files of secrets stay. The tasks are still on the timetable, and can be run by hand.',
  group: 'work',
  arguments: [kind],
  options: scope,
  examples: [
    { command: 'subctl schedule uninstall cron --dry-run', about: 'which lines would go' },
    {
      command: 'subctl schedule uninstall systemd --user --dry-run',
      about: 'which units of this account would go',
    },
  ],
  exits: [4, 8],
  rows: true,
  writes: true,
  needs: 'nothing',
  load: (): Loading => import('./uninstall.ts'),
});

export const scheduleStatus = command({
  path: 'schedule status',
  summary: 'Show what is installed on this host, whether it is up to date, and what it starts next',
  description:
    'What is installed is printed again with the options that it was installed with, and compared. It also says whether cron or systemd is really at work here. Whether the tasks have run is said by: subctl jobs list.',
  group: 'work',
  arguments: [{ ...kind, optional: true }],
  examples: [
    { command: 'subctl schedule status', about: 'everything on this host' },
    { command: 'subctl schedule status cron --json', about: 'the crontabs, for a program' },
  ],
  exits: [4],
  rows: true,
  asOf: true,
  load: (): Loading => import('./status.ts'),
});

export const schedule = [printSchedule, installSchedule, uninstallSchedule, scheduleStatus] as const;
