import { type Argument, type Command, Help, type HelpConfiguration, type Option } from 'commander';
import { exitCodeOf, failureKinds, meaningOf } from '../domain/failure.ts';
import type { CommandFacts } from './describe.ts';
import { type Line, fold, page, section } from './help-text.ts';
import { isReader } from './readers.ts';

/** The heading of the common options; short pages list them on one line. */
export const commonHeading = 'Common options:';

interface Shown {
  /** with --all: explain every option and every exit code */
  everything: boolean;
  /** the facts of a command; undefined for a noun */
  factsOf(command: Command): CommandFacts | undefined;
  /** called with the command whose page was written */
  wrote(command: Command): void;
}

/** The maximum number of lines of a command's page without --all. */
const mostLines = 40;

/** Configures how commander formats the help pages. */
export function helpConfiguration({ everything, factsOf, wrote }: Shown): HelpConfiguration {
  return {
    helpWidth: 80,
    showGlobalOptions: everything,
    commandUsage: usageOf,
    subcommandTerm: (command) => command.name(),
    optionDescription: aboutItem,
    argumentDescription: aboutItem,
    formatHelp(command, helper) {
      wrote(command);
      const facts = factsOf(command);
      if (facts && !everything) return shortPage(command, facts, helper as Help);
      const writer =
        facts || everything
          ? helper
          : Object.assign(Object.create(helper) as Help, { visibleOptions: () => [] });
      const body = Help.prototype.formatHelp.call(writer, command, writer as Help);
      return page(`${body.trimEnd()}\n`, ...(facts ? wholeEnd(facts) : endOfList(command)));
    },
  };
}

/**
 * Formats a page that fits on one screen. A longer page keeps only the first paragraph of its description; then options are listed by
 * name only, starting with the last.
 */
function shortPage(command: Command, facts: CommandFacts, helper: Help): string {
  const own = command.options.filter((option) => option.helpGroupHeading !== commonHeading);
  const attempt = (description: string, shown: number) => {
    const visible = own.slice(0, shown);
    const writer = Object.assign(Object.create(helper) as Help, {
      visibleOptions: () => visible,
      commandDescription: () => description,
    });
    const folded = command.options.filter((option) => !visible.includes(option));
    return page(
      `${Help.prototype.formatHelp.call(writer, command, writer).trimEnd()}\n`,
      ...shortEnd(facts, folded),
    );
  };
  const whole = command.description();
  const short = whole.split('\n\n').slice(0, 2).join('\n\n');
  const tries = [whole, ...own.map(() => short)].map(
    (text, at) => [text, own.length - Math.max(0, at - 1)] as const,
  );
  const pages = tries.map(([text, shown]) => attempt(text, shown));
  return pages.find((text) => text.split('\n').length <= mostLines + 1) ?? pages.at(-1)!;
}

/** `subctl`, `subctl plans`, `subctl plans show`. */
function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : 'subctl';
}

/** `subctl plans show <plan> [options]`: options last, as people type them. */
function usageOf(command: Command): string {
  const args = command.registeredArguments.map((argument) => {
    const inside = `${argument.name()}${argument.variadic ? '...' : ''}`;
    return argument.required ? `<${inside}>` : `[${inside}]`;
  });
  return [pathOf(command), ...(command.commands.length > 0 ? ['<command>'] : args), '[options]'].join(' ');
}

function examplesOf({ examples }: Pick<CommandFacts, 'examples'>): string {
  return `Examples:\n${examples.map(([line, about]) => `  ${line}\n${fold(about, 6)}`).join('')}`;
}

function wholeEnd(facts: CommandFacts): string[] {
  return [examplesOf(facts), section('Exit codes', exitLines(facts))];
}

function shortEnd(facts: CommandFacts, folded: readonly Option[]): string[] {
  const own = exitLines(facts).filter(([code]) => facts.exits?.some((exit) => String(exit) === code));
  const exits = own.map(([code, means]) => `${code} ${means.split(/[:,(]/)[0]!.trim()}`);
  return [
    examplesOf({ examples: facts.examples.slice(0, 3) }),
    (exits.length > 0 ? fold(`More exit codes: ${exits.join(', ')}`, 0) : '') +
      (folded.length > 0 ? fold(`More options: ${folded.map(({ long }) => long!).join(' ')}`, 0) : '') +
      fold(`Full help: subctl ${facts.path} --help --all`, 0),
  ];
}

function endOfList(command: Command): string[] {
  return [
    fold(
      command.parent
        ? `See: subctl ${command.name()} <command> --help`
        : 'See: subctl <command> --help. All commands: subctl --help --all. Topics: subctl help exit-codes | environment | formats | times',
      0,
    ),
  ];
}

/** Describes an option or argument: its text, its choices, whether it is required, its default. */
function aboutItem(item: Option | Argument): string {
  const reader: unknown = item.parseArg;
  const words = [...(item.argChoices ?? []), ...((isReader(reader) && reader.or) || [])].join(', ');
  const isMany = isReader(reader) && reader.many;
  const facts = [
    words && (item.argChoices ? words : `or ${words}`),
    'mandatory' in item && item.mandatory && 'required',
    isMany && 'mandatory' in item && 'may be repeated',
    !isMany &&
      item.defaultValue !== undefined &&
      typeof item.defaultValue !== 'boolean' &&
      `default: ${String(item.defaultValue)}`,
  ].filter(Boolean);
  return facts.length > 0 ? `${item.description} (${facts.join('; ')})` : item.description;
}

function exitLines({ exits = [], needs = 'schema' }: CommandFacts): Line[] {
  const codes = new Set([1, 2, ...(needs === 'nothing' ? [] : [5, 6]), ...exits]);
  const lines = failureKinds.map((kind): [number, string] => [exitCodeOf(kind), meaningOf(kind)]);
  return [
    ['0', 'success'],
    ...lines.filter(([code]) => codes.has(code)).map(([code, means]): Line => [String(code), means]),
  ];
}
