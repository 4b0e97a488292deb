import { type Loading, command } from '../command.ts';

const task = { name: 'task', about: 'a task of the timetable: subctl jobs list shows them' } as const;

export const listJobs = command({
  path: 'jobs list',
  summary: 'Show the timetable: what runs when, and how its last run ended',
  description:
    "Times are shown in the zone of the timetable. A task is late when it is due for longer than its grace: what the settings say, else half its period, twelve hours at most. It is made up all the same. What does not run is named with the reason, and so is what the settings here say otherwise than the database. With --customer it shows that customer's own next reset, expiry and renewal, however far off.",
  group: 'work',
  options: [
    {
      flag: '--customer',
      value: 'customer',
      about: "this customer's next instants in place of the timetable",
    },
  ],
  exits: [3],
  examples: [
    { command: 'subctl jobs list', about: 'the timetable' },
    { command: 'subctl jobs list --json', about: 'the same for a program' },
    { command: 'subctl jobs list --customer acme', about: 'what comes next for one customer' },
  ],
  rows: true,
  asOf: true,
  load: (): Loading => import('./list.ts'),
});

export const nextJobs = command({
  path: 'jobs next',
  summary: 'Show the next instants of a task, or of any cron expression',
  description: `A cron expression has five fields: minute, hour, day of the month, month and day of the week. @hourly, @daily, @midnight, @weekly (Sunday), @monthly and @yearly are accepted too. Named hours are hours of the local day: one that a clock change leaps over runs once, at the end of the leap, and one that comes twice runs the first time. An hour of * follows the hours as they pass.`,
  group: 'work',
  arguments: [{ ...task, optional: true }],
  options: [
    { flag: '--cron', value: 'expression', about: 'this expression in place of a task' },
    {
      flag: '--timezone',
      value: 'zone',
      kind: 'timezone',
      about: "the zone whose wall clock counts (the timetable's)",
    },
    { flag: '--from', value: 'time', kind: 'instant', about: 'strictly after this instant (now)' },
    {
      flag: '--count',
      value: 'number',
      kind: 'integer',
      min: 1,
      max: 10_000,
      default: 5,
      about: 'how many instants',
    },
  ],
  examples: [
    {
      command: 'subctl jobs next check-expired --timezone Europe/Berlin --from 2026-03-28 --count 3',
      about: 'one in the hour that is leapt over',
    },
    {
      command: "subctl jobs next --cron '30 2 * * *' --timezone America/New_York --from 2026-03-07 --json",
      about: 'any expression',
    },
  ],
  rows: true,
  asOf: true,
  needs: 'nothing',
  load: (): Loading => import('./next.ts'),
});

export const runJob = command({
  path: 'jobs run',
  summary: 'Run one task, as its own command does, for an instant of the past if need be',
  group: 'work',
  arguments: [task],
  options: [
    {
      flag: '--scheduled-for',
      value: 'time',
      kind: 'instant',
      about: 'run it for this instant, and as of it unless --as-of says otherwise',
    },
  ],
  examples: [
    { command: 'subctl jobs run check-expired', about: 'the same as: subctl check-expired' },
    {
      command: 'subctl jobs run reset-credits --scheduled-for 2026-01-01T09:00Z',
      about: 'make up one instant',
    },
  ],
  exits: [7, 8],
  rows: true,
  asOf: true,
  writes: true,
  onSignal: 'finishes',
  load: (): Loading => import('./run.ts'),
});

export const jobsHistory = command({
  path: 'jobs history',
  summary: 'Show past runs: when, by whom, what they did and how they ended',
  group: 'work',
  arguments: [{ ...task, optional: true }],
  options: [
    { flag: '--failed', about: 'only those that failed, were stopped or lost, or parked rows' },
    {
      flag: '--count',
      value: 'number',
      kind: 'integer',
      min: 1,
      max: 100_000,
      default: 20,
      about: 'how many, the newest first',
    },
  ],
  examples: [
    { command: 'subctl jobs history', about: 'the last runs of all tasks' },
    { command: 'subctl jobs history reset-credits --failed --json', about: 'what went wrong with one' },
  ],
  rows: true,
  load: (): Loading => import('./history.ts'),
});

export const upcoming = command({
  path: 'jobs upcoming',
  summary: "Show customers' next personal resets, expiries and renewals",
  description:
    'The soonest first, with what is due already. It is what the tasks would find at that time if nothing else happened until then; of several periods to come it shows the first.',
  group: 'work',
  options: [
    { flag: '--within', value: 'time', kind: 'duration', about: 'how far ahead (7d)' },
    { flag: '--customer', value: 'customer', about: 'only of this customer' },
    {
      flag: '--count',
      value: 'number',
      kind: 'integer',
      min: 1,
      max: 1_000_000,
      default: 1_000,
      about: 'at most this many',
    },
  ],
  examples: [
    { command: 'subctl jobs upcoming', about: 'the next seven days' },
    { command: 'subctl jobs upcoming --within 36h --json', about: 'the next day and a half, for a program' },
  ],
  exits: [3],
  rows: true,
  asOf: true,
  load: (): Loading => import('./upcoming.ts'),
});

const switching = { group: 'work', arguments: [task], rows: true, asOf: true, writes: true } as const;

export const pauseJob = command({
  path: 'jobs pause',
  summary: 'Take a task out of the timetable for now',
  description:
    'run-due and the daemon leave it alone until it is resumed. Asked for by its own name it still runs, so a crontab line or timer that names it has to be taken out there.',
  ...switching,
  examples: [
    {
      command: 'subctl jobs pause handle-renewals --reason "price list under review"',
      about: 'with the reason for the audit',
    },
    { command: 'subctl jobs pause prune --dry-run', about: 'what would change' },
  ],
  load: (): Loading => import('./pause.ts'),
});

export const resumeJob = command({
  path: 'jobs resume',
  summary: 'Put a paused task back into the timetable',
  description: 'What it missed is made up at the next run-due, as after any outage.',
  ...switching,
  examples: [
    { command: 'subctl jobs resume handle-renewals', about: 'from now on it is due again' },
    { command: 'subctl jobs resume prune --dry-run', about: 'what would change' },
  ],
  load: (): Loading => import('./resume.ts'),
});

export const runDue = command({
  path: 'run-due',
  summary: 'Run whatever the timetable says is due',
  description:
    'For those who want one crontab line, every minute, in place of one for each task. An instant that was missed is made up, however late, once; a task that another run holds is left to it. With --as-of the timetable is asked for that time.',
  group: 'work',
  examples: [
    { command: 'subctl run-due', about: 'what one crontab line runs every minute' },
    { command: 'subctl run-due --dry-run', about: 'which tasks are due' },
  ],
  exits: [7],
  rows: true,
  asOf: true,
  writes: true,
  onSignal: 'finishes',
  load: (): Loading => import('./run-due.ts'),
});

export const jobs = [runDue, listJobs, nextJobs, runJob, jobsHistory, upcoming, pauseJob, resumeJob] as const;
