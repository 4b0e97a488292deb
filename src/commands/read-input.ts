import { parseAmount } from '../domain/amounts.ts';
import { parseDuration } from '../domain/durations.ts';
import { Failure } from '../domain/failure.ts';
import { parseInstant } from '../domain/instants.ts';
import { parseInteger } from '../domain/integers.ts';
import { formatInterval, parseInterval } from '../domain/intervals.ts';
import { checkKept, faultOfKept } from '../domain/kept.ts';
import { nearest } from '../domain/nearest.ts';
import { parseTimezone } from '../domain/timezones.ts';
import { formatWindow, parseWindow } from '../domain/windows.ts';
import type { ArgumentSpec, CommandSpec, Kind, OptionSpec } from './command.ts';

/** What commander found, unread: strings, arrays of strings and switches, options under commander's own keys. */
export interface RawInput {
  arguments: readonly (string | string[] | undefined)[];
  options: Record<string, unknown>;
}

/**
 * Reads the text of arguments and options by their kinds. The keys are the names in camelCase, as InputOf says.
 * @throws Failure usage that names the option, the value and the accepted forms
 */
export function readInput(
  { arguments: args = [], options = [] }: CommandSpec,
  raw: RawInput,
): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  args.forEach((spec, at) => (input[camelCase(spec.name)] = readValue(spec, raw.arguments[at])));
  return Object.assign(input, readOptions(options, raw.options));
}

/** The options' part of readInput, for common options too. */
export function readOptions(
  specs: readonly OptionSpec[],
  raw: Record<string, unknown>,
): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const spec of specs) {
    const key = keyOf(spec);
    const negated = spec.flag.startsWith('--no-');
    const isPair = specs.some((other) => other !== spec && keyOf(other) === key);
    input[key] = spec.value
      ? readValue(spec, raw[key] as string)
      : isPair
        ? raw[key]
        : negated
          ? raw[key] !== false
          : raw[key] === true;
  }
  return input;
}

/** `--valid-for` and `--no-valid-for` are `validFor`. */
export function keyOf({ flag }: Pick<OptionSpec, 'flag'>): string {
  return camelCase(flag.replace(/^--(no-)?/, ''));
}

function camelCase(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function readValue(spec: ArgumentSpec | OptionSpec, raw: string | string[] | undefined): unknown {
  if (spec.many) return ((raw as string[] | undefined) ?? []).map((text) => readOne(spec, text));
  if (raw === undefined) return 'default' in spec ? spec.default : undefined;
  return readOne(spec, raw as string);
}

function readOne(spec: ArgumentSpec | OptionSpec, text: string): unknown {
  if (spec.or?.includes(text.trim())) return text.trim();
  const name = 'flag' in spec ? spec.flag : spec.name;
  try {
    return readers[spec.kind ?? 'text'](text, { ...spec, name });
  } catch (error) {
    if (!(error instanceof Failure) || !spec.or || !error.hint) throw error;
    throw new Failure(error.kind, error.message, {
      hint: `${error.hint}, or ${spec.or.join(', ')}`,
      cause: error,
    });
  }
}

type Reader = (text: string, spec: (ArgumentSpec | OptionSpec) & { name: string }) => unknown;

const readers: Record<Kind, Reader> = {
  text(text, { name, max = 2_000 }) {
    if (text.trim() === '')
      throw new Failure('usage', `The ${name} is empty`, { hint: `Give a value for ${name}` });
    const fault = faultOfKept(text, max);
    if (fault) throw new Failure('usage', `The ${name} ${fault}`);
    return text;
  },
  integer: (text, { name, min, max }) =>
    parseInteger(text, { name, ...(min !== undefined && { min }), ...(max !== undefined && { max }) }),
  amount: (text, { name, min }) =>
    parseAmount(text, { name, ...(min !== undefined && { min: String(min) }) }),
  instant: (text, { name }) => parseInstant(text, name),
  interval: (text, { name }) => formatInterval(parseInterval(text, name)),
  duration: (text, { name }) => parseDuration(text, name),
  window: (text, { name }) => formatWindow(parseWindow(text, name)),
  timezone: (text, { name }) => parseTimezone(text, name),
  json(text, { name }) {
    try {
      const value = JSON.parse(text) as unknown;
      checkKept(value, text, name);
      return value;
    } catch (error) {
      if (error instanceof Failure) throw error;
      throw new Failure('usage', `The ${name} is not JSON: ${(error as Error).message}`, {
        hint: `Quote it: ${name} '{"team":"blue"}'`,
      });
    }
  },
  choice(text, { name, choices = [] }) {
    if (choices.includes(text)) return text;
    const near = nearest(text, choices);
    throw new Failure('usage', `The ${name} '${text}' is not known${near ? `, did you mean ${near}?` : ''}`, {
      hint: `Give one of: ${choices.join(', ')}`,
    });
  },
};
