import { Command, type OptionValues } from '@commander-js/extra-typings';
import type { Outcome } from '../terminal/outcome.ts';
import type { Context } from './context.ts';
import type { Facts } from './facts.ts';
import type { Verb } from './program-types.ts';

/** Creates the commander Command of a command file. Its name and summary are in program/, its `run` is in the same file. */
export function verb(facts: Facts): Command {
  return Object.assign(new Command(), { facts }); // the methods of commander return this object
}

/** The options as `run` receives them: every key is present, undefined for an option without a value or a default. */
export type Options<C> =
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the arguments do not matter here
  C extends Command<any, infer O>
    ? { [K in Extract<keyof O, string>]: object extends Pick<O, K> ? O[K] | undefined : O[K] }
    : never;

/** What `run` receives after the context: the arguments in order, then the options. */
export type Input<C> = C extends Command<infer A, infer O> ? [...A, Options<Command<A, O>>] : never;

/** An entry of program/: the summary and the file. TypeScript compares the arguments and options of `command` with those of `run`. */
export function entry<A extends unknown[], O extends OptionValues>(
  summary: string,
  file: () => Promise<{
    command: Command<A, O>;
    run(context: Context, ...input: Input<Command<A, O>>): Promise<Outcome | void>;
  }>,
): Verb {
  return { summary, load: file as unknown as Verb['load'] };
}
