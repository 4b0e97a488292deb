import { Failure } from '../domain/failure.ts';
import type { Outcome } from '../terminal/outcome.ts';
import { print } from '../terminal/print.ts';
import type { Prompts } from '../terminal/prompts.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { Context } from './context.ts';
import { fold } from './help-text.ts';
import { commandLine } from './command-line.ts';

/** Whether the person may be asked for what is missing: there is a terminal, and --yes was not given. */
export function mayAsk(context: Context): boolean {
  return context.terminal.interactive && !context.yes;
}

/**
 * The questions for an argument that is missing.
 * @throws Failure usage that names the argument and the `way` to give it, where nobody may be asked
 */
export async function askFor(context: Context, missing: string, way: string): Promise<Prompts> {
  if (mayAsk(context)) return context.prompts(`Give it: ${way}`);
  throw new Failure('usage', `Missing required argument '${missing}'`, {
    hint: `Give it: ${way}`,
  });
}

/**
 * Does the work for input that was asked for: shows on stderr what a --dry-run of it shows, asks whether to do it, does it, and notes the
 * command line that does the same without questions. With --dry-run only the last two.
 * @throws Failure interrupted when it was not agreed to
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
    if (!(await confirm('Do it now?', true)))
      throw new Failure('interrupted', 'Not confirmed: nothing was changed');
    context.signal.throwIfAborted();
  }
  const outcome = await work(context, input);
  const line = commandLine(context.spec, { ...context.common, ...input } as Record<string, unknown>);
  return { ...outcome, notes: [...(outcome.notes ?? []), `The same without questions: ${line}`] };
}

/** A `validate` of what a question takes as text: whatever `read` refuses is said in its own words. */
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
