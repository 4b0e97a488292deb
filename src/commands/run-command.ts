import { exitCodeOf, Failure } from '../domain/failure.ts';
import { print } from '../terminal/print.ts';
import { checkOutput } from '../terminal/sink.ts';
import type { Environment, Terminal } from '../terminal/terminal.ts';
import { type CommonInput, createContext } from './context.ts';
import { endBySignal, reasonOf } from './end-by-signal.ts';
import { printOptions } from './print-options.ts';
import { resolveTimes } from './resolve-times.ts';
import { reportLockWaits } from './report-lock-waits.ts';
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

/** Runs a command, prints its outcome and gives its exit code. Errors are the caller's. */
export async function runCommand({ spec, run, input, common }: Line, around: Around): Promise<number> {
  const { env, cwd, terminal, program, signal = new AbortController().signal } = around;
  const printing = { ...printOptions(common, cwd), mainPart: spec.parts?.[0], changed: spec.writes === true };
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
      throw signal.aborted && spec.onSignal !== 'stops' ? reasonOf(signal) : error; // of being cut off, mostly
    });
  } finally {
    stopTelling?.();
    await context.close();
  }
}

/** The outcome with its times in the zone that was asked for. */
function inZone<T extends Outcome | void>(outcome: T, timezone: string | undefined): T {
  return outcome && timezone !== undefined && !('text' in outcome) ? { ...outcome, timezone } : outcome;
}

/** Output that could not be written says to try again; after a change that would be done twice. */
function afterItsWork(error: unknown): unknown {
  if (!(error instanceof Failure) || error.kind !== 'unavailable') return error;
  const hint = 'the command has done its work, and only its output is missing: look before you run it again';
  return new Failure(error.kind, error.message, { hint, cause: error });
}
