import { type Argument, Command, CommanderError, type Option } from 'commander';
import { Failure } from '../domain/failure.ts';
import { commonOptions, globalOptions } from './common-options.ts';
import { type CommandFacts, describeCommand } from './describe.ts';
import { commonHeading, helpConfiguration } from './help.ts';
import { type CommandModule, type Program, type Verb, groupTitles } from './program-types.ts';
import { type Reader, choice, isReader, text } from './readers.ts';
import { unknownCommand } from './suggest.ts';

/** A parsed command line: the command, the input of `run`, and the common options. */
export interface Line {
  wants: 'command';
  spec: CommandFacts;
  run: CommandModule['run'];
  /** its arguments, then its own options */
  input: unknown[];
  common: Record<string, unknown>;
}

/** The result of parsing a command line. */
export type Parsed =
  | Line
  | { wants: 'help'; text: string }
  /** a noun without a verb, or no words: the page is shown as an error */
  | { wants: 'words'; text: string };

/**
 * Parses a command line with commander. A hook loads only the file of the requested command.
 * @throws Failure usage for unknown commands and options (with a suggestion), missing or extra arguments, and invalid values
 */
export async function parse(argv: readonly string[], program: Program): Promise<Parsed> {
  const seen: Seen = { printed: '', facts: new Map() };
  const root = programCommand(program, argv, seen);
  const load = async (leaf: Command, path: string, verb: Verb) => {
    const { command, run } = await verb.load();
    const spec = describeCommand(path, verb.summary, command);
    seen.facts.set(leaf, spec);
    fill(leaf, spec, command as Command);
    leaf.action(
      () => void (seen.line = { wants: 'command', spec, run, ...inputOf(leaf, command as Command, spec) }),
    );
  };
  root.hook('preSubcommand', (_, child) => {
    const noun = program[child.name()]!;
    if (!('verbs' in noun)) return load(child, child.name(), noun);
    for (const [name, { summary }] of Object.entries(noun.verbs)) child.command(name).summary(summary);
    child.helpCommand(false);
    child.hook('preSubcommand', (__, leaf) =>
      load(leaf, `${child.name()} ${leaf.name()}`, noun.verbs[leaf.name()]!),
    );
  });
  try {
    await root.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const stray = seen.page?.commands.length && seen.page.args.find((word) => !word.startsWith('-'));
    if (stray || error.code === 'commander.unknownCommand') throw await unknownCommand(argv, program);
    if (error.code === 'commander.helpDisplayed') return { wants: 'help', text: seen.printed };
    if (error.code === 'commander.help') return { wants: 'words', text: seen.printed };
    throw usage(error, argv);
  }
  return seen.line ?? { wants: 'words', text: root.helpInformation() };
}

interface Seen {
  line?: Line;
  /** whose help page was printed */
  page?: Command;
  printed: string;
  facts: Map<Command, CommandFacts>;
}

function programCommand(program: Program, argv: readonly string[], seen: Seen): Command {
  const everything = argv.includes('--all');
  const listsAll = everything && argv.every((word) => word.startsWith('-'));
  const print = (page: string) => void (seen.printed += page);
  const root = new Command('subctl')
    .description(
      'Subscriptions on your own PostgreSQL: plans, usage limits, credits, API cost, alerts and renewals.',
    )
    .exitOverride()
    .helpCommand(false)
    .helpOption('-h, --help', 'show help; --all shows all of it')
    .configureHelp(
      helpConfiguration({
        everything,
        factsOf: (command) => seen.facts.get(command),
        wrote: (command) => void (seen.page = command),
      }),
    )
    .configureOutput({ writeOut: print, writeErr: print, outputError: () => undefined });
  for (const option of globalOptions) root.addOption(option);
  for (const [name, noun] of Object.entries(program)) {
    const title = `${groupTitles[noun.group]}:`;
    root.command(name).summary(noun.summary).description(`${noun.summary}.`).helpGroup(title);
    if (listsAll && 'verbs' in noun)
      for (const [verb, { summary }] of Object.entries(noun.verbs))
        root.addCommand(new Command(`${name} ${verb}`).summary(summary).helpGroup(title));
  }
  return root;
}

/** Adds the arguments and options of the command to commander's placeholder. */
function fill(leaf: Command, spec: CommandFacts, command: Command): void {
  const flags = new Set([...spec.options, ...spec.common].map(({ flag }) => flag));
  leaf
    .allowExcessArguments(false)
    .description([`${spec.summary}.`, spec.description].filter(Boolean).join('\n\n'));
  for (const argument of command.registeredArguments)
    leaf.addArgument(withReader(argument, argument.name(), argument.variadic));
  const add = (option: Option) => withReader(option, option.long!, false, flags);
  for (const option of command.options) leaf.addOption(option.required ? add(option) : option);
  for (const option of commonOptions(spec, command.options))
    leaf.addOption((option.required ? add(option) : cloned(option)).helpGroup(commonHeading));
}

const cloned = <T extends object>(item: T): T =>
  Object.assign(Object.create(Object.getPrototypeOf(item) as object) as T, item);

/** Its own reader, else its choices, else plain text. */
function readerOf({ parseArg, argChoices }: Argument | Option): Reader<unknown> {
  const given: unknown = parseArg;
  if (isReader(given)) return given;
  return argChoices ? choice(argChoices) : text();
}

/**
 * Copies an argument or option so that its reader gets its name for error messages. An option without a value does not consume one of
 * `flags`: `--unit --dry-run` would write.
 */
function withReader<T extends Argument | Option>(
  item: T,
  name: string,
  isVariadic: boolean,
  flags: ReadonlySet<string> = new Set(),
): T {
  const reader = readerOf(item);
  const readOne = (value: string) => {
    if (!flags.has(value)) return reader.read(value, name);
    throw new Failure('usage', `The ${name} has no value: ${value} comes after it`, {
      hint: `Give the value of ${name} before ${value}`,
    });
  };
  const read = (value: string, before: unknown[] | undefined) =>
    reader.many === true || isVariadic ? [...(before ?? []), readOne(value)] : readOne(value);
  const copy = cloned(item);
  copy.parseArg = Object.assign(read, reader) as unknown as T['parseArg'];
  return copy;
}

function inputOf(leaf: Command, command: Command, spec: CommandFacts): Pick<Line, 'input' | 'common'> {
  const values = leaf.optsWithGlobals<Record<string, unknown>>();
  const own = command.options.map((option): [string, unknown] => [
    option.attributeName(),
    values[option.attributeName()],
  ]);
  const common = [...globalOptions, ...commonOptions(spec, command.options)].map(
    (option): [string, unknown] => [
      option.attributeName(),
      values[option.attributeName()] ?? (option.isBoolean() ? false : undefined),
    ],
  );
  return {
    input: [...(leaf.processedArgs as unknown[]), Object.fromEntries(own)],
    common: Object.fromEntries(common),
  };
}

function usage(error: CommanderError, argv: readonly string[]): Failure {
  // the value of an unknown option (--name=value) may be a secret
  const said = error.message.replace(/^error: /, '').replace(/(option '--[\w-]+)=.*'/s, "$1'");
  const [sentence, near] = said.split('\n') as [string, string?];
  const words = argv.filter((word) => !word.startsWith('-')).slice(0, 2);
  const hint = near?.replace(/^\(|\)$/g, '') ?? `See: ${['subctl', ...words].join(' ')} --help`;
  return new Failure('usage', sentence.charAt(0).toUpperCase() + sentence.slice(1), { hint, cause: error });
}
