import { Failure } from '../domain/failure.ts';
import { oneLine } from '../domain/plain-text.ts';
import { promptStream } from './prompt-stream.ts';
import type { Terminal } from './terminal.ts';

export interface Choice<T> {
  name: string;
  value: T;
  /** one line under the list while the choice is marked */
  description?: string;
  /** what stays on the screen as the answer; the name unless said */
  short?: string;
}

/** Questions to the person at the terminal. They are drawn on stderr; each throws Failure interrupted when it is cancelled. */
export interface Prompts {
  select<T>(message: string, choices: readonly Choice<T>[], preset?: T): Promise<T>;
  /** like select with typing to narrow the list; `find` gets what was typed */
  search<T>(message: string, find: (typed: string) => Promise<readonly Choice<T>[]>): Promise<T>;
  /** `validate` gives true, or the sentence that says what is wrong */
  input(
    message: string,
    options?: { preset?: string; validate?: (text: string) => true | string },
  ): Promise<string>;
  /** a text that is not shown while it is typed; `validate` as above, and it repeats nothing of the text */
  secret(message: string, validate?: (text: string) => true | string): Promise<string>;
  confirm(message: string, preset?: boolean): Promise<boolean>;
}

const pageSize = 12;

/**
 * Opens the questions. A question that is open when `signal` is aborted ends with the signal's reason.
 * @throws Failure usage without a terminal, naming what to give instead: nothing ever waits for an answer that cannot come
 */
export async function openPrompts(
  terminal: Terminal,
  instead: string,
  signal?: AbortSignal,
): Promise<Prompts> {
  if (!terminal.interactive) {
    throw new Failure('usage', 'There is no terminal to ask on', { hint: instead });
  }
  const { default: inquirer } = await import('inquirer');
  const input = terminal.streams.stdin as NodeJS.ReadStream;
  const output = promptStream(terminal) as NodeJS.WriteStream;
  const answer = async <T>(question: object): Promise<T> => {
    const closed = new AbortController();
    // control and D closes the reading of keys, which inquirer would wait for without end; after an answer this aborts nothing
    const onClose = () => setImmediate(() => closed.abort());
    input.once('pause', onClose);
    const ask = inquirer.createPromptModule({
      input,
      output,
      signal: AbortSignal.any([closed.signal, ...(signal ? [signal] : [])]),
    });
    try {
      const answers = await ask([{ name: 'answer', ...question }] as unknown as Parameters<typeof ask>[0]);
      return (answers as { answer: T }).answer;
    } catch (error) {
      throw signal?.aborted && signal.reason instanceof Failure ? signal.reason : cancelled(error);
    } finally {
      input.off('pause', onClose);
    }
  };
  return {
    async select(message, choices, preset) {
      // by number: inquirer would take a choice whose value is undefined for the preset that is not given
      const numbered = clean(choices).map((choice, at) => ({ ...choice, value: at }));
      const first = choices.findIndex(({ value }) => preset !== undefined && value === preset);
      const question = { type: 'select', message, choices: numbered, default: Math.max(first, 0), pageSize };
      return choices[await answer<number>(question)]!.value;
    },
    search: (message, find) =>
      answer({
        type: 'search',
        message,
        pageSize,
        source: async (typed?: string) => clean(await find(typed ?? '')),
      }),
    input: (message, { preset, validate } = {}) =>
      answer({ type: 'input', message, default: preset, validate }),
    secret: (message, validate) =>
      answer({ type: 'password', message, mask: false, toggleMask: false, validate }),
    confirm: (message, preset = false) => answer({ type: 'confirm', message, default: preset }),
  };
}

function clean<T>(choices: readonly Choice<T>[]): Choice<T>[] {
  return choices.map((choice) => ({
    ...choice,
    name: oneLine(choice.name),
    ...(choice.description !== undefined && { description: oneLine(choice.description) }),
    ...(choice.short !== undefined && { short: oneLine(choice.short) }),
  }));
}

function cancelled(error: unknown): unknown {
  const names = ['ExitPromptError', 'AbortPromptError', 'CancelPromptError'];
  const isCancelled = error instanceof Error && names.includes(error.name);
  return isCancelled ? new Failure('interrupted', 'Cancelled: nothing was changed', { cause: error }) : error;
}
