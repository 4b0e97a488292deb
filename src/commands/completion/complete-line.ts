import { describeCommand, type ArgumentFacts, type CommandFacts, type OptionFacts } from '../describe.ts';
import type { Program } from '../program-types.ts';
import { topics } from '../topics.ts';
import { type Candidate, type NameKind, valuesOf } from './values.ts';

export interface Completion {
  candidates: Candidate[];
  /** the shell completes paths here */
  files: boolean;
}

/** Returns names from the database that start with `prefix`; none when it does not answer in time. */
export type FindNames = (kind: NameKind, prefix: string) => Promise<Candidate[]>;

interface Asked {
  program: Program;
  findNames: FindNames;
}

const nothing: Completion = { candidates: [], files: false };

/**
 * Completes a command line. `words` are the words after `subctl`; the last one is the word at the cursor and may be empty. Only the file of
 * the typed command is loaded.
 */
export async function completeLine(
  words: readonly string[],
  { program, findNames }: Asked,
): Promise<Completion> {
  const current = words.at(-1) ?? '';
  const typed = words.slice(0, -1);
  const [name, second] = typed.filter((word) => !word.startsWith('-'));
  if (name === undefined) return listOf(current, firstWords(program));
  if (name === 'help') return listOf(current, helpWords(program, second));
  const noun = ownOf(program, name);
  if (!noun) return nothing;
  const verb = 'verbs' in noun ? ownOf(noun.verbs, second ?? '') : noun;
  if (!verb)
    return 'verbs' in noun && second === undefined ? listOf(current, summaries(noun.verbs)) : nothing;
  const path = 'verbs' in noun ? `${name} ${second}` : name;
  const spec = describeCommand(path, verb.summary, (await verb.load()).command);
  return completeCommand(
    spec,
    typed.slice(typed.indexOf('verbs' in noun ? second! : name) + 1),
    current,
    findNames,
  );
}

async function completeCommand(
  spec: CommandFacts,
  typed: readonly string[],
  current: string,
  findNames: FindNames,
): Promise<Completion> {
  const options = [...spec.options, ...spec.common];
  const find = (word: string) => options.find(({ flag, short }) => word === flag || word === short);
  const [, flag, begun] = /^(--[a-z-]+)=(.*)$/s.exec(current) ?? [];
  const assigned = flag === undefined ? undefined : find(flag);
  if (assigned) {
    const { candidates, files } = await complete(spec, assigned, begun!, findNames);
    return { candidates: candidates.map((one) => ({ ...one, value: `${flag}=${one.value}` })), files };
  }
  const before = find(typed.at(-1) ?? '');
  if (before?.value !== undefined) return complete(spec, before, current, findNames);
  const left = options.filter((option) => option.many || !typed.some((word) => find(word) === option));
  const flags = [...left.map((option) => ({ value: option.flag, about: option.about })), helpFlag];
  if (current.startsWith('-')) return listOf(current, flags);
  const given = typed.filter(
    (word, at) => !word.startsWith('-') && find(typed[at - 1] ?? '')?.value === undefined,
  );
  const argument = spec.arguments[given.length] ?? spec.arguments.findLast(({ many }) => many);
  return argument ? complete(spec, argument, current, findNames) : listOf(current, flags);
}

const helpFlag: Candidate = { value: '--help', about: 'show the help of the command' };

async function complete(
  spec: CommandFacts,
  fact: ArgumentFacts | OptionFacts,
  current: string,
  findNames: FindNames,
): Promise<Completion> {
  const { values, names, files = false } = valuesOf(spec.path, fact);
  const found = names ? await findNames(names, current) : [];
  return { candidates: [...startingWith(current, values), ...found], files };
}

const listOf = (current: string, candidates: readonly Candidate[]): Completion => ({
  candidates: startingWith(current, candidates),
  files: false,
});

const startingWith = (current: string, candidates: readonly Candidate[]): Candidate[] =>
  candidates.filter(({ value }) => value.toLowerCase().startsWith(current.toLowerCase()));

function firstWords(program: Program): Candidate[] {
  return [
    ...summaries(program),
    { value: 'help', about: 'Show a help page' },
    helpFlag,
    { value: '--version', about: 'Show the version' },
  ];
}

function helpWords(program: Program, name: string | undefined): Candidate[] {
  const noun = ownOf(program, name ?? '');
  if (noun) return 'verbs' in noun ? summaries(noun.verbs) : [];
  return [...Object.keys(topics).map((value) => ({ value, about: 'topic' })), ...summaries(program)];
}

const summaries = (named: Readonly<Record<string, { summary: string }>>): Candidate[] =>
  Object.entries(named).map(([value, { summary }]) => ({ value, about: summary }));

/** An own property of the object: `constructor` is not a verb. */
const ownOf = <T>(named: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(named, name) ? named[name] : undefined;
