import { helpOn } from './commands/help-on.ts';
import type { CommandSpec } from './commands/command.ts';
import { table as allCommands } from './commands/table.ts';
import { packageVersion } from './config/package-root.ts';
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
 * What --help and --version do not need is loaded later: they are the measure of how quickly the program starts.
 */
export async function run(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const terminal = openTerminal(surroundings, surroundings.env, { colour: !argv.includes('--no-color') });
  try {
    return await choose(argv, surroundings, terminal);
  } catch (error) {
    const { report } = await import('./commands/report-failure.ts');
    return await report(error, argv, terminal);
  } finally {
    terminal.detach();
  }
}

async function choose(
  argv: readonly string[],
  surroundings: Surroundings,
  terminal: Terminal,
): Promise<number> {
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    await terminal.out(`${packageVersion()}\n`);
    return 0;
  }
  const table = surroundings.table ?? allCommands;
  const page = argv[0] === 'help' ? helpOn(argv.slice(1), table) : pageAskedFor(argv, table);
  if (page !== undefined) {
    await terminal.out(page);
    return 0;
  }
  const { runLine } = await import('./commands/run-line.ts');
  const { env, cwd, signal } = surroundings;
  return runLine(argv, table, { env, cwd, terminal, ...(signal && { signal }) });
}

/** The page of `subctl plans list --help`: for nothing but the words of a command and --help commander need not be loaded. */
function pageAskedFor(argv: readonly string[], table: readonly CommandSpec[]): string | undefined {
  if (argv.at(-1) !== '--help' && argv.at(-1) !== '-h') return undefined;
  const words = argv.slice(0, -1).join(' ');
  const isKnown = words === '' || table.some(({ path }) => path === words || path.startsWith(`${words} `));
  return isKnown ? helpOn(argv.slice(0, -1), table) : undefined;
}
