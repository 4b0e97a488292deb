import type { Outcome } from '../terminal/outcome.ts';

/** The headings of the root help page, in order. */
export const groupTitles = {
  start: 'Set up',
  sell: 'Plans and prices',
  use: 'Customers',
  money: 'Money',
  work: 'Tasks and services',
  look: 'Reports',
} as const;
export type Group = keyof typeof groupTitles;

/** The exports of a command file: `command`, and `run` with the context, the arguments and the options. */
export interface CommandModule {
  command: object;
  run(context: never, ...input: never[]): Promise<Outcome | void>;
}

/** A command: its summary, and its file, which is loaded on demand. */
export interface Verb {
  /** one line without a period at the end */
  summary: string;
  load: () => Promise<CommandModule>;
}

/** What may follow `subctl`: a noun with its verbs, or a command of one word. */
export type Noun = { group: Group } & Named;

/** Every command, in the order of the help pages. */
export type Program = Readonly<Record<string, Noun>>;

type Named = { summary: string } & (Verb | { verbs: Readonly<Record<string, Verb>> });

/** Nouns and commands of one group of the root help page. */
export function inGroup(group: Group, named: Readonly<Record<string, Named>>): Program {
  return Object.fromEntries(Object.entries(named).map(([name, noun]) => [name, { group, ...noun }]));
}

/** Each command with its path: `plans list`. */
export function commandsOf(program: Program): [path: string, verb: Verb][] {
  return Object.entries(program).flatMap(([name, noun]): [string, Verb][] =>
    'verbs' in noun
      ? Object.entries(noun.verbs).map(([verb, facts]): [string, Verb] => [`${name} ${verb}`, facts])
      : [[name, noun]],
  );
}
