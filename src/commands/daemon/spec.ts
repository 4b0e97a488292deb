import { type Loading, command } from '../command.ts';

export const daemon = command({
  path: 'daemon',
  summary: 'Run the timetable, until it is told to stop',
  description: `Runs each task when the timetable says that it is due, and makes up what was missed while nothing ran. Any number of daemons, crontab lines and timers may work on one database: each instant is done once.

SIGTERM and SIGINT let the batches in hand be finished, give the leases back and end it with exit code 0 within ten seconds; a second signal ends it at once. SIGHUP has it read its settings again. Where there are no signals, --stop asks through the database.

/healthz says whether it is alive, /readyz whether the database, its schema and the tasks are as they should be, /metrics is for Prometheus.`,
  group: 'work',
  options: [
    {
      flag: '--listen',
      value: 'host:port',
      default: '127.0.0.1:9464',
      about: 'where /healthz, /readyz and /metrics answer, or none; they ask nobody for a password',
    },
    {
      flag: '--concurrency',
      value: 'number',
      kind: 'integer',
      min: 1,
      max: 32,
      default: 3,
      about: 'tasks at work at once, each with two connections or more',
    },
    {
      flag: '--log-format',
      value: 'format',
      kind: 'choice',
      choices: ['json', 'text'],
      about: 'lines for machines or for people (text on a terminal, else json)',
    },
    { flag: '--list', about: 'show the daemons at work on this database, and start none' },
    { flag: '--stop', about: 'ask the daemons at work on this database to stop, and wait until they have' },
    { flag: '--host', value: 'name', about: 'with --list or --stop: only those on this host' },
  ],
  examples: [
    { command: 'subctl daemon', about: 'run until Ctrl-C' },
    { command: 'subctl daemon --listen none --log-format json', about: 'with nothing but a log' },
    { command: 'subctl daemon --list --json', about: 'who is at work' },
    { command: 'subctl daemon --stop', about: 'from anywhere that reaches the database' },
  ],
  rows: true,
  writes: true,
  onSignal: 'stops',
  load: (): Loading => import('./daemon.ts'),
});
