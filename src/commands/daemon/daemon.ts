import type { Outcome } from '../../terminal/outcome.ts';
import { Failure } from '../../domain/failure.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { askToStop, showDaemons } from './others.ts';
import { parseListen } from './listen-address.ts';
import type { daemon } from './spec.ts';

/** Runs the timetable until a signal comes, or shows and stops those that do. */
export async function run(context: Context, input: InputOf<typeof daemon>): Promise<Outcome | void> {
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
