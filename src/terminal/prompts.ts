import { Failure } from '../domain/failure.ts';
import { oneLine } from '../domain/plain-text.ts';
import type { Terminal } from './terminal.ts';

export interface Choice<T> {
  name: string;
  value: T;
  /** one line under the list while the choice is marked */
  description?: string;
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
  confirm(message: string, preset?: boolean): Promise<boolean>;
}

/**
 * Opens the questions.
 * @throws Failure usage without a terminal, naming what to give instead: nothing ever waits for an answer that cannot come
 */
export async function openPrompts(terminal: Terminal, instead: string): Promise<Prompts> {
  if (!terminal.interactive) {
    throw new Failure('usage', 'There is no terminal to ask on', { hint: instead });
  }
  const { default: inquirer } = await import('inquirer');
  const { stdin, stderr } = terminal.streams;
  const ask = inquirer.createPromptModule({
    input: stdin as NodeJS.ReadStream,
    output: stderr as NodeJS.WriteStream,
  });
  const answer = async <T>(question: object): Promise<T> => {
    try {
      const answers = await ask([{ name: 'answer', ...question }] as unknown as Parameters<typeof ask>[0]);
      return (answers as { answer: T }).answer;
    } catch (error) {
      throw cancelled(error);
    }
  };
  return {
    select: (message, choices, preset) =>
      answer({ type: 'select', message, choices: clean(choices), default: preset }),
    search: (message, find) =>
      answer({ type: 'search', message, source: async (typed?: string) => clean(await find(typed ?? '')) }),
    input: (message, { preset, validate } = {}) =>
      answer({ type: 'input', message, default: preset, validate }),
    confirm: (message, preset = false) => answer({ type: 'confirm', message, default: preset }),
  };
}

function clean<T>(choices: readonly Choice<T>[]): Choice<T>[] {
  return choices.map((choice) => ({ ...choice, name: oneLine(choice.name) }));
}

function cancelled(error: unknown): unknown {
  const names = ['ExitPromptError', 'AbortPromptError', 'CancelPromptError'];
  const isCancelled = error instanceof Error && names.includes(error.name);
  return isCancelled ? new Failure('interrupted', 'Cancelled: nothing was changed', { cause: error }) : error;
}
