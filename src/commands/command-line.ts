import type { TimeExpression } from '../domain/times.ts';
import { formatDuration } from '../domain/durations.ts';
import { hasInvisible } from '../domain/plain-text.ts';
import type { ArgumentFacts, CommandFacts, OptionFacts } from './describe.ts';

/**
 * Builds the command line for this input, common options included: parsing it gives the same input. Default values are left out.
 * Words are quoted for a POSIX shell.
 */
export function commandLine(spec: CommandFacts, input: Record<string, unknown>): string {
  const options = [...spec.options, ...spec.common].flatMap((option) =>
    optionWords(option, input[option.key]),
  );
  const given = spec.arguments.flatMap((argument) => textsOf(argument, input[argument.key]));
  const words = given.some((word) => word.startsWith('-'))
    ? [...options, '--', ...given]
    : [...given, ...options];
  return ['subctl', spec.path, ...words.map(quoted)].join(' ');
}

function optionWords(option: OptionFacts, value: unknown): string[] {
  if (option.value === undefined) return value === !option.flag.startsWith('--no-') ? [option.flag] : [];
  if (value === option.default) return [];
  return textsOf(option, value).flatMap((text) => [option.flag, text]);
}

function textsOf(spec: ArgumentFacts | OptionFacts, value: unknown): string[] {
  if (value === undefined) return [];
  return (spec.many ? (value as unknown[]) : [value]).map((one) => textOf(spec, one));
}

function textOf({ kind, or = [] }: ArgumentFacts | OptionFacts, value: unknown): string {
  if (typeof value === 'string' && (kind !== 'json' || or.includes(value))) return value;
  if (value instanceof Date) return value.toISOString();
  if (kind === 'instant' || kind === 'period' || kind === 'last') return (value as TimeExpression).text;
  return kind === 'duration' ? formatDuration(value as number) : JSON.stringify(value);
}

/** Quotes a word for bash and zsh; control and invisible characters are escaped. */
export function quoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  if (!hasInvisible(word)) return `'${word.replaceAll("'", `'\\''`)}'`;
  const spelled = [...word].map((sign) => (/[\\']/.test(sign) || hasInvisible(sign) ? codeOf(sign) : sign));
  return `$'${spelled.join('')}'`;
}

/** Escapes a character for use between `$'` and `'` in both shells. */
function codeOf(sign: string): string {
  const code = sign.codePointAt(0)!.toString(16);
  return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
}
