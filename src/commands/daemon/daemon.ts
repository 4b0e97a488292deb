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
    ['subctl daemon --listen none --log-format json', 'without HTTP endpoints, log as JSON'],
    ['subctl daemon --list --json', 'the running daemons'],
    ['subctl daemon --stop', 'from any host that reaches the database'],
  ],
  rows: true,
  writes: true,
  onSignal: 'stops',
})
  .description(
    'Runs each task when it is due, and catches up on missed runs. Any number of daemons, crontab ' +
      'lines and timers may share one database: each scheduled run happens once.\n\n' +
      'On SIGTERM or SIGINT it finishes the current batches, releases its leases and exits with code 0 ' +
      'within ten seconds; a second signal ends it at once. SIGHUP reloads the settings. On systems ' +
      'without signals, use --stop.\n\n' +
      '/healthz reports whether the process is alive, and /readyz whether the database, its schema and ' +
      'the tasks are healthy. /metrics is for Prometheus.',
  )
  .option(
    '--listen <host:port>',
    'address of /healthz, /readyz and /metrics, or none; they need no password',
    '127.0.0.1:9464',
  )
  .option(
    '--concurrency <number>',
    'tasks that run in parallel, each with two or more connections',
    integer({ min: 1, max: 32 }),
    3,
  )
  .addOption(
    new Option(
      '--log-format <format>',
      'format of log lines (default: text on a terminal, else json)',
    ).choices(['json', 'text']),
  )
  .option('--list', 'list the running daemons of this database, and start none', false)
  .option('--stop', 'ask the running daemons of this database to stop, and wait for them', false)
  .option('--host <name>', 'with --list or --stop: only daemons on this host');

/** Runs the daemon until a signal, or lists or stops the running daemons. */
export async function run(context: Context, input: Options<typeof command>): Promise<Outcome | void> {
  const { list, stop, host, concurrency, logFormat } = input;
  if (list && stop)
    throw new Failure('usage', '--list and --stop contradict each other', { hint: 'give one of them' });
  if (host !== undefined && !list && !stop)
    throw new Failure('usage', '--host requires --list or --stop', { hint: 'see: subctl daemon --help' });
  if (list) return showDaemons(context, host);
  if (stop) return askToStop(context, host);
  const listen = parseListen(input.listen);
  if (context.dryRun) return (await import('../jobs/list.ts')).run(context, { customer: undefined });
  const { runProcess } = await import('./run-process.ts');
  await runProcess(context, { concurrency, listen, logFormat });
}
