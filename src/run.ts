import type { CommandSpec } from './commands/command.ts';
import type { CommonInput, Context } from './commands/context.ts';
import { Failure, exitCodeOf } from './domain/failure.ts';
import { type Environment, type Streams, type Terminal, openTerminal } from './terminal/terminal.ts';

export interface Surroundings extends Streams {
  env: Environment;
  cwd: string;
  /** aborted with a Failure interrupted or terminated as its reason */
  signal?: AbortSignal;
  /** the commands to choose from; all of them unless said */
  table?: readonly CommandSpec[];
}

/**
 * Runs one command line (without `node` and the script) and gives its exit code. Results go to stdout, everything else to stderr.
 * This is the only place where errors end: a Failure becomes its sentence and exit code, anything else is a bug, exit 1.
 */
export async function run(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const terminal = openTerminal(surroundings, surroundings.env, { colour: !argv.includes('--no-color') });
  try {
    return await runChosen(argv, surroundings, terminal);
  } catch (error) {
    const { report } = await import('./commands/report-failure.ts');
    return await report(error, argv, terminal);
  } finally {
    terminal.detach();
  }
}

async function runChosen(
  argv: readonly string[],
  surroundings: Surroundings,
  terminal: Terminal,
): Promise<number> {
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    const { packageVersion } = await import('./config/package-root.ts');
    await terminal.out(`${packageVersion()}\n`);
    return 0;
  }
  const table = surroundings.table ?? (await import('./commands/table.ts')).table;
  if (argv[0] === 'help') {
    const { helpOn } = await import('./commands/help-on.ts');
    await terminal.out(helpOn(argv.slice(1), table));
    return 0;
  }
  const { parse } = await import('./commands/parse.ts');
  const parsed = await parse(argv, table);
  if (parsed.wants === 'help') await terminal.out(parsed.text);
  if (parsed.wants === 'words') terminal.err(parsed.text);
  if (parsed.wants !== 'command') return parsed.wants === 'help' ? 0 : exitCodeOf('usage');
  return runCommand(parsed.spec, parsed.raw, surroundings, terminal);
}

async function runCommand(
  spec: CommandSpec,
  raw: import('./commands/read-input.ts').RawInput,
  { env, cwd, signal = new AbortController().signal }: Surroundings,
  terminal: Terminal,
): Promise<number> {
  const { readInput, readOptions } = await import('./commands/read-input.ts');
  const { commonOptions, globalOptions } = await import('./commands/common-options.ts');
  const common = readOptions([...globalOptions, ...commonOptions(spec)], raw.options);
  const input = readInput(spec, raw);
  const { printOptions } = await import('./commands/print-options.ts');
  const printing = printOptions(common);
  const { createContext } = await import('./commands/context.ts');
  const context = createContext(spec, common as unknown as CommonInput, { env, cwd, terminal, signal });
  try {
    const outcome = await untilAborted(spec, context, input);
    if (!outcome) return 0;
    const { print } = await import('./terminal/print.ts');
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
