import { exitCodeOf } from '../domain/failure.ts';
import { parse } from './parse.ts';
import { type Around, runCommand } from './run-command.ts';

/** Parses and runs one command line and returns the exit code. Errors are thrown. */
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
