import { Argument, Command, CommanderError, Option } from 'commander';
import { Failure } from '../domain/failure.ts';
import type { CommandSpec, OptionSpec } from './command.ts';
import { commonOptions, globalOptions } from './common-options.ts';
import { argumentForm, commandHelp, nounHelp, programHelp } from './help.ts';
import type { RawInput } from './read-input.ts';

/** What a command line asks for. */
export type Parsed =
  | { wants: 'help'; text: string }
  /** a noun or nothing at all: the page is shown, but as an error */
  | { wants: 'words'; text: string }
  | { wants: 'command'; spec: CommandSpec; raw: RawInput };

/**
 * Lets commander read the command line against the table.
 * @throws Failure usage for unknown commands and options (naming the nearest), missing and superfluous arguments
 */
export async function parse(argv: readonly string[], table: readonly CommandSpec[]): Promise<Parsed> {
  let found: Parsed | undefined;
  let printed = '';
  const root = quiet(
    new Command('subctl'),
    () => programHelp(table),
    (text) => (printed += text),
  );
  for (const option of globalOptions) root.addOption(commanderOption(option));
  const nouns = new Map<string, Command>();
  const asked = table.filter(({ path }) => path.split(' ')[0] === argv[0]);
  for (const spec of asked.length > 0 ? asked : table) {
    const [first, second] = spec.path.split(' ') as [string, string?];
    if (second !== undefined && !nouns.has(first)) {
      nouns.set(
        first,
        quiet(
          root.command(first),
          () => nounHelp(table, first),
          (text) => (printed += text),
        ),
      );
    }
    const leaf = quiet(
      (nouns.get(first) ?? root).command(second ?? first),
      () => commandHelp(spec),
      (text) => (printed += text),
    );
    if (argv.includes(first) && (second === undefined || argv.includes(second))) describe(leaf, spec);
    leaf.action(() => {
      found = {
        wants: 'command',
        spec,
        raw: { arguments: leaf.processedArgs as RawInput['arguments'], options: leaf.optsWithGlobals() },
      };
    });
  }
  try {
    await root.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.helpDisplayed') return { wants: 'help', text: printed };
    if (error.code === 'commander.help') return { wants: 'words', text: printed };
    throw usage(error, argv);
  }
  return found ?? { wants: 'words', text: programHelp(table) };
}

function quiet(target: Command, page: () => string, print: (text: string) => void): Command {
  target
    .exitOverride()
    .helpCommand(false)
    .configureOutput({ writeOut: print, writeErr: print, outputError: () => undefined });
  target.helpInformation = () => {
    const unknown = target.commands.length > 0 && target.args[0];
    if (unknown && !unknown.startsWith('-'))
      (target as unknown as { unknownCommand(): never }).unknownCommand();
    return page();
  };
  return target.helpOption('-h, --help', 'show this page');
}

function describe(leaf: Command, spec: CommandSpec): void {
  leaf.allowExcessArguments(false);
  for (const argument of spec.arguments ?? []) leaf.addArgument(new Argument(argumentForm(argument)));
  for (const option of [...(spec.options ?? []), ...commonOptions(spec)])
    leaf.addOption(commanderOption(option));
}

function commanderOption(spec: OptionSpec): Option {
  const option = new Option(
    `${spec.short ? `${spec.short}, ` : ''}${spec.flag}${spec.value ? ` <${spec.value}>` : ''}`,
  );
  if (spec.many) option.argParser((text: string, before: string[] | undefined) => [...(before ?? []), text]);
  return option.makeOptionMandatory(spec.required ?? false);
}

function usage(error: CommanderError, argv: readonly string[]): Failure {
  // what stands behind the = of an option that there is not may be a secret
  const said = error.message.replace(/^error: /, '').replace(/(option '--[\w-]+)=.*'/s, "$1'");
  const [sentence, near] = said.split('\n') as [string, string?];
  const words = argv.filter((word) => !word.startsWith('-')).slice(0, 2);
  const page =
    error.code === 'commander.unknownCommand' ? ['subctl', ...words.slice(0, -1)] : ['subctl', ...words];
  const hint = near?.replace(/^\(|\)$/g, '') ?? `See: ${page.join(' ')} --help`;
  return new Failure('usage', sentence.charAt(0).toUpperCase() + sentence.slice(1), { hint, cause: error });
}
