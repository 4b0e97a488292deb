import { exitCodeOf } from '../domain/failure.ts';
import { parse } from './parse.ts';
import { type Around, runCommand } from './run-command.ts';

/** Reads one command line against the program, does what it asks for and gives the exit code. Errors are the caller's. */
export async function runLine(argv: readonly string[], around: Around): Promise<number> {
  const parsed = await parse(argv, around.program);
  if (parsed.wants === 'command') return runCommand(parsed, around);
  if (parsed.wants === 'help') {
    await around.terminal.out(parsed.text);
    return 0;
  }
  around.terminal.err(parsed.text);
  return exitCodeOf('usage');
}
