import type { Outcome } from '../../terminal/outcome.ts';
import { Failure } from '../../domain/failure.ts';
import type { Context } from '../context.ts';
import { askToStop, showDaemons } from './others.ts';
import { parseListen } from './listen-address.ts';
import { type Options, verb } from '../verb.ts';
import { Option } from '@commander-js/extra-typings';
import { integer } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl daemon', 'run until Ctrl-C'],
    ['subctl daemon --listen none --log-format json', 'with nothing but a log'],
    ['subctl daemon --list --json', 'who is at work'],
    ['subctl daemon --stop', 'from anywhere that reaches the database'],
  ],
  rows: true,
  writes: true,
  onSignal: 'stops',
})
  .description(
    'Runs each task when the timetable says that it is due, and makes up what was missed while ' +
      'nothing ran. Any number of daemons, crontab lines and timers may work on one database: each ' +
      'instant is done once.\n\n' +
      'SIGTERM and SIGINT let the batches in hand be finished, give the leases back and end it with ' +
      'exit code 0 within ten seconds; a second signal ends it at once. SIGHUP has it read its settings ' +
      'again. Where there are no signals, --stop asks through the database.\n\n' +
      '/healthz says whether it is alive, /readyz whether the database, its schema and the tasks are as ' +
      'they should be, /metrics is for Prometheus.',
  )
  .option(
    '--listen <host:port>',
    'where /healthz, /readyz and /metrics answer, or none; they need no password',
    '127.0.0.1:9464',
  )
  .option(
    '--concurrency <number>',
    'tasks at work at once, each with two connections or more',
    integer({ min: 1, max: 32 }),
    3,
  )
  .addOption(
    new Option(
      '--log-format <format>',
      'lines for machines or for people (text on a terminal, else json)',
    ).choices(['json', 'text']),
  )
  .option('--list', 'show the daemons at work on this database, and start none', false)
  .option('--stop', 'ask the daemons at work on this database to stop, and wait until they have', false)
  .option('--host <name>', 'with --list or --stop: only those on this host');

/** Runs the timetable until a signal comes, or shows and stops those that do. */
export async function run(context: Context, input: Options<typeof command>): Promise<Outcome | void> {
  const { list, stop, host, concurrency, logFormat } = input;
  if (list && stop)
    throw new Failure('usage', '--list and --stop are two things', { hint: 'give one of them' });
  if (host !== undefined && !list && !stop)
    throw new Failure('usage', '--host belongs to --list and --stop', { hint: 'see: subctl daemon --help' });
  if (list) return showDaemons(context, host);
  if (stop) return askToStop(context, host);
  const listen = parseListen(input.listen);
  if (context.dryRun) return (await import('../jobs/list.ts')).run(context, { customer: undefined });
  const { runProcess } = await import('./run-process.ts');
  await runProcess(context, { concurrency, listen, logFormat });
}
