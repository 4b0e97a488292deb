import { Command, type OptionValues } from '@commander-js/extra-typings';
import type { Outcome } from '../terminal/outcome.ts';
import type { Context } from './context.ts';
import type { Facts } from './facts.ts';
import type { Verb } from './program-types.ts';

/** A commander Command of subctl. Its name and summary stand in program.ts, its `run` beside it in its file. */
export function verb(facts: Facts): Command {
  return Object.assign(new Command(), { facts }); // every method of commander returns this very object
}

/** The options of a command as its `run` receives them: every one is there, undefined where it was not given and has no default. */
export type Options<C> =
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- of the arguments nothing is asked here
  C extends Command<any, infer O>
    ? { [K in Extract<keyof O, string>]: object extends Pick<O, K> ? O[K] | undefined : O[K] }
    : never;

/** What `run` of a command receives after the context: its arguments in their order, and last its options. */
export type Input<C> = C extends Command<infer A, infer O> ? [...A, Options<Command<A, O>>] : never;

/** A line of program.ts: what the command is for, and its file. TypeScript compares the arguments and options of `command` with those of `run`. */
export function entry<A extends unknown[], O extends OptionValues>(
  summary: string,
  file: () => Promise<{
    command: Command<A, O>;
    run(context: Context, ...input: Input<Command<A, O>>): Promise<Outcome | void>;
  }>,
): Verb {
  return { summary, load: file as unknown as Verb['load'] };
}
