import type { Outcome } from '../terminal/outcome.ts';
import type { Context } from './context.ts';

/** How the text of an option or argument is read; the value that `run` receives follows from it (see ValueOf). */
export type Kind =
  | 'text' // string, never empty
  | 'integer' // number; `min` (0) and `max` bound it
  | 'amount' // exact decimal string; `min` bounds it
  | 'instant' // Date
  | 'interval' // canonical string: 30d 2w 1mo 1y
  | 'duration' // whole number of seconds, from 90m, 7d
  | 'window' // canonical string: month, every_7d, rolling_24h
  | 'timezone' // IANA name in its usual capitals
  | 'json' // any JSON value
  | 'choice'; // one of `choices`

interface Readable {
  /** one line for the help page */
  about: string;
  kind?: Kind;
  choices?: readonly string[];
  /** words that are accepted beside the kind, and handed over as they are: `or: ['never']` */
  or?: readonly string[];
  min?: number;
  max?: number;
}

/** A positional argument. Without `kind` it is text. */
export interface ArgumentSpec extends Readable {
  /** in kebab-case; `run` receives it in camelCase */
  name: string;
  optional?: boolean;
  /** takes all that follow, as an array */
  many?: boolean;
}

/** An option: with `value` it takes one (`--every <interval>`), without it is a switch and arrives as a boolean. */
export interface OptionSpec extends Readable {
  /** `--valid-for`; `--no-wait` is a switch that arrives as `wait: false`; of a pair, `--wait` and `--no-wait`, neither is undefined */
  flag: `--${string}`;
  short?: `-${string}`;
  /** the name of the value in the help page: `interval` */
  value?: string;
  required?: boolean;
  /** may be given several times and arrives as an array */
  many?: boolean;
  /** the value when it is not given, already read */
  default?: string | number;
}

export interface Example {
  /** a whole line that starts with `subctl ` */
  command: string;
  about: string;
}

/** One command, as data. Files of specs import nothing but this file and types: every start of the program reads them. */
export interface CommandSpec {
  /** `plans list`: the words after `subctl` */
  path: string;
  /** one line without a full stop, for lists */
  summary: string;
  /** paragraphs for the command's own page */
  description?: string;
  arguments?: readonly ArgumentSpec[];
  options?: readonly OptionSpec[];
  /** two at least; tests run them */
  examples: readonly [Example, Example, ...Example[]];
  /** exit codes beyond 0, 1, 2, 5, 6 */
  exits?: readonly number[];
  /** the heading in the list of commands */
  group?: Group;
  /** changes the database: takes --dry-run, --yes, --actor, --reason */
  writes?: boolean;
  /** prints rows or a record: takes --format, --json, --fields, --output, --no-header, --csv-guard */
  rows?: boolean;
  /** the lists in its record, the main one first: CSV and TSV have one of them, which --part chooses */
  parts?: readonly string[];
  /** takes --as-of */
  asOf?: boolean;
  /** what must be there before `run` starts; 'schema' unless said */
  needs?: 'nothing' | 'database' | 'schema';
  /** connections to the database at most; four unless said */
  connections?: number;
  /**
   * what a signal does to a command that writes: it is cut off, and what it has not committed undone. One that `finishes` ends the batch in
   * hand, for a second; one that `stops` has a way of its own.
   */
  onSignal?: 'finishes' | 'stops';
  /** not in lists */
  hidden?: boolean;
  load: () => Loading;
}

/** What `load` must say that it returns: `load: (): Loading => import('./list.ts')`. */
export type Loading = Promise<{ run(context: Context, input: never): Promise<Outcome | void> }>;

export const groups = ['start', 'sell', 'use', 'work', 'money', 'look'] as const;
export type Group = (typeof groups)[number];

/** Gives a spec its exact type, so that InputOf can name what `run` receives. */
export function command<const S extends CommandSpec>(spec: S): S {
  return spec;
}

type Camel<T extends string> = T extends `${infer A}-${infer B}` ? `${A}${Capitalize<Camel<B>>}` : T;
type KeyOf<T> = T extends
  { flag: `--no-${infer F}` } | { flag: `--${infer F}` } | { name: infer F extends string }
  ? Camel<F>
  : never;

type One<T> = T extends { kind: 'integer' | 'duration' }
  ? number
  : T extends { kind: 'instant' }
    ? Date
    : T extends { kind: 'json' }
      ? unknown
      : T extends { choices: readonly (infer C)[] }
        ? C
        : string;
type ValueOf<T> = T extends { flag: string; value: string } | { name: string }
  ? One<T> | (T extends { or: readonly (infer W)[] } ? W : never)
  : boolean;
type Held<T> = T extends { many: true }
  ? ValueOf<T>[]
  : T extends { optional: true }
    ? ValueOf<T> | undefined
    : T extends { name: string } | { required: true } | { default: string | number }
      ? ValueOf<T>
      : T extends { value: string }
        ? ValueOf<T> | undefined
        : boolean;

type Items<S, K extends 'arguments' | 'options'> = S extends { [P in K]: readonly (infer T)[] } ? T : never;

/**
 * What `run` receives for a spec: each argument and option under its name in camelCase, read and typed. Options that take a value and
 * were not given are undefined, switches are false, `many` is an empty array.
 */
export type InputOf<S> = { [T in Items<S, 'arguments'> | Items<S, 'options'> as KeyOf<T>]: Held<T> };
