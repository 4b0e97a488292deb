import type { TimeExpression } from '../domain/times.ts';
import { formatDuration } from '../domain/durations.ts';
import { hasInvisible } from '../domain/plain-text.ts';
import type { ArgumentFacts, CommandFacts, OptionFacts } from './describe.ts';

/**
 * The command line that gives a command this input, its own and that of common options: reading it gives the input again. What is as it
 * would be anyway is left out. Words are quoted for a POSIX shell.
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

/** A word as bash and zsh read it back; what would move the cursor is spelled out. */
export function quoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  if (!hasInvisible(word)) return `'${word.replaceAll("'", `'\\''`)}'`;
  const spelled = [...word].map((sign) => (/[\\']/.test(sign) || hasInvisible(sign) ? codeOf(sign) : sign));
  return `$'${spelled.join('')}'`;
}

/** A sign as both shells read it between `$'` and `'`. */
function codeOf(sign: string): string {
  const code = sign.codePointAt(0)!.toString(16);
  return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
}
