import { parseAmount } from '../domain/amounts.ts';
import { parseDuration } from '../domain/durations.ts';
import { Failure } from '../domain/failure.ts';
import { parseInteger } from '../domain/integers.ts';
import { formatInterval, parseInterval } from '../domain/intervals.ts';
import { checkKept, faultOfKept } from '../domain/kept.ts';
import { nearest } from '../domain/nearest.ts';
import { parseLast, parsePeriod, parseTime } from '../domain/times.ts';
import { parseTimezone } from '../domain/timezones.ts';
import { parseFilter, parseSort } from '../terminal/select-rows.ts';
import { formatWindow, parseWindow } from '../domain/windows.ts';

/** The type of a value; docs, completion and tests use it. */
export type Kind =
  | 'text'
  | 'integer'
  | 'amount'
  | 'instant'
  | 'period'
  | 'last'
  | 'sort'
  | 'filter'
  | 'interval'
  | 'duration'
  | 'window'
  | 'timezone'
  | 'json'
  | 'choice';

export interface Bounds {
  min?: number;
  max?: number;
}

/**
 * A commander argParser with its type. `read` gets the name of the option or argument (`--from`) for error messages; commander calls the
 * function without it.
 */
export interface Reader<T> extends Bounds {
  (text: string): T;
  kind: Kind;
  /** parses one value */
  read(text: string, name: string): unknown;
  /** words accepted literally, in addition to the kind */
  or?: readonly string[];
  choices?: readonly string[];
  /** collects the values of an option or argument that may be repeated */
  many?: true;
}

function reader<T>(
  kind: Kind,
  read: (text: string, name: string) => T,
  more: Partial<Reader<T>> = {},
): Reader<T> {
  return Object.assign((given: string) => read(given, 'value'), { kind, read, ...more });
}

/** Text, kept unchanged: not empty, without control characters, at most `max` (2,000) characters. */
export const text = ({ max = 2_000 }: Bounds = {}): Reader<string> =>
  reader(
    'text',
    (given, name) => {
      if (given.trim() === '')
        throw new Failure('usage', `The ${name} is empty`, { hint: `Give a value for ${name}` });
      const fault = faultOfKept(given, max);
      if (fault) throw new Failure('usage', `The ${name} ${fault}`);
      return given;
    },
    { max },
  );

/** An integer from `min` (0) to `max`. */
export const integer = (bounds: Bounds = {}): Reader<number> =>
  reader('integer', (given, name) => parseInteger(given, { name, ...bounds }), bounds);

/** An exact decimal as text, at least `min`. */
export const amount = ({ min }: Pick<Bounds, 'min'> = {}): Reader<string> =>
  reader(
    'amount',
    (given, name) => parseAmount(given, { name, ...(min !== undefined && { min: String(min) }) }),
    {
      ...(min !== undefined && { min }),
    },
  );

/**
 * A time: 2026-01-31, 2026-01-31T12:00Z, today, 30d (ago), +7d. A value that depends on now or on a zone stays a
 * TimeExpression until `resolve-times.ts` resolves it, before `run` is called.
 */
export const instant = reader('instant', (given, name) => parseTime(given, name) as Date);
/** A future time (--until, --expires): 7d without a sign means in seven days. */
export const instantAhead = reader('instant', (given, name) => parseTime(given, name, 'ahead') as Date);
/** A calendar period: 2026-01, 2026-Q1, last-month. */
export const period = reader('period', parsePeriod);
/** An order: FIELD, FIELD:desc. */
export const sort = reader('sort', parseSort);
/** A condition on rows: FIELD=VALUE. */
export const filter = reader('filter', parseFilter);
/** A span that ends now: 30d, 6mo. */
export const last = reader('last', parseLast);
/** An interval in its canonical form: 30d, 2w, 1mo, 1y. */
export const interval = reader('interval', (given, name) => formatInterval(parseInterval(given, name)));
/** Whole seconds, from 90m or 7d. */
export const duration = reader('duration', parseDuration);
/** A window in its canonical form: month, every_7d, rolling_24h. */
export const window = reader('window', (given, name) => formatWindow(parseWindow(given, name)));
/** An IANA time zone in its canonical case. */
export const timezone = reader('timezone', parseTimezone);
/** Any JSON value. */
export const json: Reader<unknown> = reader('json', (given, name) => {
  try {
    const value = JSON.parse(given) as unknown;
    checkKept(value, given, name);
    return value;
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure('usage', `The ${name} is not JSON: ${(error as Error).message}`, {
      hint: `Quote it: ${name} '{"team":"blue"}'`,
    });
  }
});

/** One of `choices`, like .choices() of commander. */
export const choice = <const T extends string>(choices: readonly T[]): Reader<T> =>
  reader(
    'choice',
    (given, name) => {
      const found = choices.find((one) => one === given);
      if (found !== undefined) return found;
      const near = nearest(given, choices);
      throw new Failure(
        'usage',
        `The ${name} '${given}' is not known${near ? `, did you mean ${near}?` : ''}`,
        {
          hint: `Give one of: ${choices.join(', ')}`,
        },
      );
    },
    { choices },
  );

/** A value of `other`, or one of these words. */
export const or = <T, const W extends string>(other: Reader<T>, ...words: W[]): Reader<T | W> =>
  reader(
    other.kind,
    (given, name) => {
      const word = words.find((one) => one === given.trim());
      if (word !== undefined) return word;
      try {
        return other.read(given, name) as T;
      } catch (error) {
        if (!(error instanceof Failure) || !error.hint) throw error;
        throw new Failure(error.kind, error.message, {
          hint: `${error.hint}, or ${words.join(', ')}`,
          cause: error,
        });
      }
    },
    { min: other.min, max: other.max, or: words },
  );

/** The values of a repeatable option or argument, in order. */
export const many = <T = string>(one: Reader<T>): Reader<T[]> =>
  Object.assign((given: string) => [one.read(given, 'value')], {
    ...one,
    many: true as const,
  }) as unknown as Reader<T[]>;

export function isReader(value: unknown): value is Reader<unknown> {
  return typeof value === 'function' && 'kind' in value && 'read' in value;
}
