import { Failure, exitCodeOf } from '../domain/failure.ts';
import { print } from '../terminal/print.ts';
import { checkOutput } from '../terminal/sink.ts';
import type { Environment, Terminal } from '../terminal/terminal.ts';
import type { CommandSpec } from './command.ts';
import { commonOptions, globalOptions } from './common-options.ts';
import { type CommonInput, type Context, createContext } from './context.ts';
import { printOptions } from './print-options.ts';
import { type RawInput, readInput, readOptions } from './read-input.ts';

export interface Around {
  env: Environment;
  cwd: string;
  terminal: Terminal;
  signal?: AbortSignal;
}

/** Reads the input of a command, runs it, prints its outcome and gives its exit code. Errors are the caller's. */
export async function runCommand(
  { spec, raw }: { spec: CommandSpec; raw: RawInput },
  around: Around,
): Promise<number> {
  const common = readOptions([...globalOptions, ...commonOptions(spec)], raw.options);
  const input = readInput(spec, raw);
  const { env, cwd, terminal, signal = new AbortController().signal } = around;
  const printing = { ...printOptions(common, cwd), mainPart: spec.parts?.[0], changed: spec.writes === true };
  if (printing.output !== undefined) await checkOutput(printing.output);
  const context = createContext(spec, common as unknown as CommonInput, { env, cwd, terminal, signal });
  try {
    const outcome = await untilAborted(spec, context, input);
    if (!outcome) return 0;
    await print(outcome, terminal, printing);
    return outcome.exit ? exitCodeOf(outcome.exit) : 0;
  } finally {
    await context.close();
  }
}

/** A command that only reads is left at once by a signal; one that writes sees the signal itself and stops at a good place. */
async function untilAborted(spec: CommandSpec, context: Context, input: Record<string, unknown>) {
  const { signal } = context;
  signal.throwIfAborted();
  const { run: work } = await spec.load();
  const working = work(context, input as never);
  if (spec.writes) return working;
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () =>
      reject(signal.reason instanceof Failure ? signal.reason : new Failure('interrupted', 'Interrupted'));
    signal.addEventListener('abort', onAbort, { once: true });
  });
  working.catch(() => undefined);
  return Promise.race([working, aborted]).finally(() => signal.removeEventListener('abort', onAbort));
}
