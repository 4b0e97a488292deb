import { exitCodeOf } from '../domain/failure.ts';
import { print } from '../terminal/print.ts';
import { checkOutput } from '../terminal/sink.ts';
import type { Environment, Terminal } from '../terminal/terminal.ts';
import type { CommandSpec } from './command.ts';
import { commonOptions, globalOptions } from './common-options.ts';
import { type CommonInput, createContext } from './context.ts';
import { endBySignal, reasonOf } from './end-by-signal.ts';
import { printOptions } from './print-options.ts';
import { tellWaits } from './tell-waits.ts';
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
  signal.throwIfAborted();
  const stopTelling = spec.writes && spec.onSignal !== 'stops' ? tellWaits(context) : undefined;
  try {
    const { run: work } = await spec.load();
    const working = (async () => {
      const outcome = await work(context, input as never);
      if (outcome) await print(outcome, terminal, printing);
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
