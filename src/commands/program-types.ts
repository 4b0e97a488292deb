import type { Outcome } from '../terminal/outcome.ts';

/** Headings of the root help page, in its order. */
export const groupTitles = {
  start: 'Set up',
  sell: 'Plans and prices',
  use: 'Customers',
  money: 'Money',
  work: 'Tasks and services',
  look: 'Reports',
} as const;
export type Group = keyof typeof groupTitles;

/** What the file of a command exports: `command`, and `run` with the context and then arguments and options as commander gives them. */
export interface CommandModule {
  command: object;
  run(context: never, ...input: never[]): Promise<Outcome | void>;
}

/** A command by its name: its line in lists, and its file, which is loaded only when the command is asked for. */
export interface Verb {
  /** one line without a full stop */
  summary: string;
  load: () => Promise<CommandModule>;
}

/** What may follow `subctl`: a noun with its verbs, or a command of one word. */
export type Noun = { group: Group } & Named;

/** Every command there is, in the order of the help pages. */
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
