import type { CommandSpec } from './commands/command.ts';
import { specsOf } from './commands/specs-of.ts';
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
  if (!surroundings.table && isAll(argv)) {
    await terminal.out(await programPage());
    return 0;
  }
  const table = surroundings.table ?? (await specsOf(argv[0] === 'help' ? argv[1] : argv[0]));
  const page = await pageAskedFor(argv, table);
  if (page !== undefined) {
    await terminal.out(page);
    return 0;
  }
  const { runLine } = await import('./commands/run-line.ts');
  const { env, cwd, signal } = surroundings;
  return runLine(argv, table, { env, cwd, terminal, ...(signal && { signal }) });
}

/** Whether the page of the whole program is asked for, and nothing else. */
function isAll(argv: readonly string[]): boolean {
  return argv.length === 1 && ['--help', '-h', 'help'].includes(argv[0]!);
}

declare const __programPage: string | undefined;

/** Written into the program by the build; the sources make it. */
async function programPage(): Promise<string> {
  if (typeof __programPage === 'string') return __programPage;
  return (await import('./commands/program-page.ts')).programPage;
}

/** The page of `subctl help plans` or `subctl plans list --help`: for nothing but words and --help commander need not be loaded. */
async function pageAskedFor(
  argv: readonly string[],
  table: readonly CommandSpec[],
): Promise<string | undefined> {
  const isTopic = argv[0] === 'help';
  if (!isTopic && argv.at(-1) !== '--help' && argv.at(-1) !== '-h') return undefined;
  const words = isTopic ? argv.slice(1) : argv.slice(0, -1);
  const asked = words.join(' ');
  const isKnown = asked === '' || table.some(({ path }) => `${path} `.startsWith(`${asked} `));
  if (!isTopic && !isKnown) return undefined;
  const { helpOn } = await import('./commands/help-on.ts');
  return helpOn(words, table);
}
