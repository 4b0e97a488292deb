import type { Argument, Command, Option } from 'commander';
import { commonOptions, globalOptions } from './common-options.ts';
import { type Kind, type Reader, isReader } from './readers.ts';
import { type Facts, findFacts } from './facts.ts';

interface Described {
  /** one line for the help page */
  about: string;
  kind: Kind;
  choices?: readonly string[];
  /** words accepted in addition to the kind */
  or?: readonly string[];
  min?: number;
  max?: number;
  /** whether it may be repeated; for an argument, whether it takes all remaining words */
  many: boolean;
}

/** A positional argument, as data. */
export interface ArgumentFacts extends Described {
  /** in kebab-case */
  name: string;
  /** the name in camelCase: the key in input objects */
  key: string;
  optional: boolean;
}

/** An option, as data. With `value` it takes one (`--every <interval>`); without, it is a switch. */
export interface OptionFacts extends Described {
  flag: string;
  short?: string;
  /** the key under which `run` receives it: `validFor` */
  key: string;
  /** the name of the value in the help page: `interval` */
  value?: string;
  required: boolean;
  default?: unknown;
}

/** A command as data: what help, completion, the documents and the tests read. */
export interface CommandFacts extends Facts {
  /** `plans list`: the words after `subctl` */
  path: string;
  summary: string;
  description: string;
  arguments: readonly ArgumentFacts[];
  options: readonly OptionFacts[];
  /** its common options, global ones last */
  common: readonly OptionFacts[];
}

/** Describes a command as data. `command` is the export of that name in its file. */
export function describeCommand(path: string, summary: string, command: object): CommandFacts {
  const { registeredArguments, options, description } = command as Command;
  const facts = findFacts(command);
  return {
    ...facts,
    path,
    summary,
    description: description.call(command),
    arguments: registeredArguments.map(describeArgument),
    options: options.map(describeOption),
    common: [...commonOptions(facts, options), ...globalOptions]
      .filter(({ hidden }) => !hidden)
      .map(describeOption),
  };
}

function describeArgument(argument: Argument): ArgumentFacts {
  const { variadic, required } = argument;
  const name = argument.name();
  const key = name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return { ...describe(argument), name, key, optional: !required, many: variadic };
}

function describeOption(option: Option): OptionFacts {
  const value = /<(.+?)>/.exec(option.flags)?.[1];
  const isSwitch = value === undefined;
  const { many } = describe(option);
  return {
    ...describe(option),
    flag: option.long!,
    ...(option.short !== undefined && { short: option.short }),
    key: option.attributeName(),
    ...(!isSwitch && { value }),
    required: option.mandatory,
    ...(!isSwitch && !many && option.defaultValue !== undefined && { default: option.defaultValue }),
  };
}

function describe({ description, argChoices, parseArg }: Argument | Option): Described {
  const reader: unknown = parseArg;
  const read: Partial<Reader<unknown>> = isReader(reader) ? reader : {};
  const { choices = argChoices, or, min, max, many = false } = read;
  const kind = read.kind ?? (choices ? 'choice' : 'text');
  const bounds = Object.entries({ choices, or, min, max }).filter(([, value]) => value !== undefined);
  return { about: description, kind, ...Object.fromEntries(bounds), many };
}
