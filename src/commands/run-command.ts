import { exitCodeOf, Failure } from '../domain/failure.ts';
import { print } from '../terminal/print.ts';
import { pagerOf } from '../terminal/pager.ts';
import { checkOutput } from '../terminal/sink.ts';
import type { Environment, Terminal } from '../terminal/terminal.ts';
import { type CommonInput, createContext } from './context.ts';
import { endBySignal, reasonOf } from './end-by-signal.ts';
import { printOptions } from './print-options.ts';
import { resolveTimes } from './resolve-times.ts';
import { reportLockWaits } from './report-lock-waits.ts';
import { wholeList } from './whole-list.ts';
import type { Line } from './parse.ts';
import type { Outcome } from '../terminal/outcome.ts';
import type { Program } from './program-types.ts';

export interface Around {
  env: Environment;
  cwd: string;
  terminal: Terminal;
  program: Program;
  signal?: AbortSignal;
}

/** Runs a command, prints its outcome and gives its exit code; --watch repeats it. Errors are thrown. */
export async function runCommand(line: Line, around: Around): Promise<number> {
  const { watch, ...common } = line.common;
  if (watch === undefined) return runOnce(line, around);
  const { watchOutput } = await import('./watch.ts');
  return watchOutput(around, watch as number, (each) => runOnce({ ...line, common: { ...common } }, each));
}

async function runOnce(line: Line, around: Around): Promise<number> {
  const { spec, run, common } = line;
  const { env, cwd, terminal, program, signal = new AbortController().signal } = around;
  const { input, limit } = wholeList(line);
  const printing = {
    ...printOptions(common, cwd),
    ...(limit !== undefined && { limit }),
    ...(common.jq !== undefined && { jq: await readJq(common.jq as string) }),
    ...(!spec.writes && { pager: pagerOf(env) }),
    mainPart: spec.parts?.[0],
    changed: spec.writes === true,
  };
  if (printing.output !== undefined) await checkOutput(printing.output);
  const given = common as unknown as CommonInput;
  const context = createContext(spec, given, {
    env,
    cwd,
    terminal,
    program,
    signal,
  });
  signal.throwIfAborted();
  const stopTelling = spec.writes && spec.onSignal !== 'stops' ? reportLockWaits(context) : undefined;
  try {
    const working = (async () => {
      const read = await resolveTimes(context, given, input);
      const outcome = inZone(await run(context as never, ...(read as never[])), given.tz);
      if (outcome)
        await print(outcome, terminal, { ...printing, now: context.asOf ?? context.clock() }).catch(
          (error: unknown) => {
            throw spec.writes && !context.dryRun ? afterItsWork(error) : error;
          },
        );
      return outcome?.code ?? (outcome?.exit ? exitCodeOf(outcome.exit) : 0);
    })();
    return await Promise.race([working, endBySignal(spec, context, working)]).catch((error: unknown) => {
      throw signal.aborted && spec.onSignal !== 'stops' ? reasonOf(signal) : error; // mostly that of a closed connection
    });
  } finally {
    stopTelling?.();
    await context.close();
  }
}

const readJq = async (text: string) => (await import('../terminal/jq.ts')).compileJq(text);

/** The outcome with its times in the requested zone. */
function inZone<T extends Outcome | void>(outcome: T, timezone: string | undefined): T {
  return outcome && timezone !== undefined && !('text' in outcome) ? { ...outcome, timezone } : outcome;
}

/** The hint of a failed output says to try again. After a change a retry would repeat it, so the hint says otherwise. */
function afterItsWork(error: unknown): unknown {
  if (!(error instanceof Failure) || error.kind !== 'unavailable') return error;
  const hint =
    'the change was made and only the output failed: check the result before you run the command again';
  return new Failure(error.kind, error.message, { hint, cause: error });
}
