import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Program } from './commands/program-types.ts';
import { packageRoot, packageVersion } from './config/package-root.ts';
import { type Environment, type Streams, type Terminal, openTerminal } from './terminal/terminal.ts';

export interface Surroundings extends Streams {
  env: Environment;
  cwd: string;
  /** aborted with a Failure interrupted or terminated as its reason */
  signal?: AbortSignal;
  /** the commands to choose from; all of them unless said */
  program?: Program;
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
  const page = builtPage(argv);
  if (page !== undefined) {
    await terminal.out(page);
    return 0;
  }
  if (argv[0] === 'help') {
    const { helpOn } = await import('./commands/help-on.ts');
    await terminal.out(await helpOn(argv.slice(1), surroundings.program));
    return 0;
  }
  const program = surroundings.program ?? (await import('./commands/program.ts')).program;
  if (argv[0] === '__complete') {
    const { answerCompletion } = await import('./commands/completion/answer.ts');
    return answerCompletion(argv.slice(1), { ...surroundings, program, terminal });
  }
  const { runLine } = await import('./commands/run-line.ts');
  const { env, cwd, signal } = surroundings;
  return runLine(argv, { env, cwd, terminal, program, ...(signal && { signal }) });
}

declare const __isBuilt: boolean | undefined;

/**
 * The page of `subctl plans list --help` or `subctl help plans list`, where the build has written it: then neither commander nor the command
 * is loaded. Undefined for all else, and for the program that runs from its sources.
 */
function builtPage(argv: readonly string[]): string | undefined {
  if (typeof __isBuilt === 'undefined') return undefined;
  const isOption = argv.at(-1) === '--help' || argv.at(-1) === '-h';
  if (argv[0] !== 'help' && !isOption) return undefined;
  const words = argv[0] === 'help' ? argv.slice(1) : argv.slice(0, -1);
  if (!words.every((word) => /^[a-z][a-z-]*$/.test(word))) return undefined;
  const file = path.join(packageRoot(), 'dist/help', `${words.join('.') || 'subctl'}.txt`);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
