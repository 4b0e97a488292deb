import { Failure } from '../domain/failure.ts';
import type { Outcome } from '../terminal/outcome.ts';
import { print } from '../terminal/print.ts';
import type { Prompts } from '../terminal/prompts.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { Context } from './context.ts';
import { fold } from './help-text.ts';
import { commandLine } from './command-line.ts';

/** Whether prompts are allowed: the terminal is interactive and --yes was not given. */
export function mayAsk(context: Context): boolean {
  return context.terminal.interactive && !context.yes;
}

/**
 * Opens the prompts for a missing argument.
 * @throws Failure usage with the argument and the command line `way`, when prompts are not allowed
 */
export async function askFor(context: Context, missing: string, way: string): Promise<Prompts> {
  if (mayAsk(context)) return context.prompts(`Run: ${way}`);
  throw new Failure('usage', `Missing required argument '${missing}'`, {
    hint: `Run: ${way}`,
  });
}

/**
 * Runs a command with prompted input: previews it on stderr with a dry run, asks for confirmation, runs it, and notes the equivalent
 * command line. With --dry-run there is no preview and no confirmation.
 * @throws Failure interrupted when the person declines
 */
export async function agree<I extends object>(
  context: Context,
  input: I,
  work: (context: Context, input: I) => Promise<Outcome>,
): Promise<Outcome> {
  if (!context.dryRun) {
    context.terminal.err('\n');
    const outcome = await work({ ...context, dryRun: true }, input);
    await print(outcome, onStderr(context.terminal), shown);
    const { confirm } = await context.prompts('Give --yes');
    if (!(await confirm('Apply this change?', true)))
      throw new Failure('interrupted', 'Not confirmed: nothing was changed');
    context.signal.throwIfAborted();
  }
  const outcome = await work(context, input);
  const line = commandLine(context.spec, { ...context.common, ...input } as Record<string, unknown>);
  return { ...outcome, notes: [...(outcome.notes ?? []), `The same without prompts: ${line}`] };
}

/** Makes a `validate` for a text prompt: a value that `read` refuses is reported with its message and hint. */
export function readBy(read: (text: string) => unknown): (text: string) => true | string {
  return (text) => {
    try {
      read(text.trim());
      return true;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return [error.message, error.hint ?? []]
        .flat()
        .map((text) => fold(text, 2))
        .join('')
        .trim();
    }
  };
}

const shown = { format: 'table', header: true, csvGuard: true, quiet: false } as const;

function onStderr(terminal: Terminal): Terminal {
  const { stderr } = terminal.streams;
  return {
    ...terminal,
    out: (text) => Promise.resolve(terminal.err(text)),
    outIsTerminal: true,
    columns: stderr.columns ?? 80,
    outColours: terminal.errColours,
  };
}
