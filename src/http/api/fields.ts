import { LosslessNumber } from 'lossless-json';
import * as z from 'zod';
import { parseAmount } from '../../domain/amounts.ts';
import { Failure } from '../../domain/failure.ts';
import { parseInstant } from '../../domain/instants.ts';
import { parseInteger } from '../../domain/integers.ts';
import { checkKept } from '../../domain/kept.ts';
import { withPlainNumbers } from './exact-json.ts';

/**
 * How fields of requests are read. Each says with `meta` what the document says of it: `description`, an example, and under `json` its
 * form where reading changes it.
 */
type Json = Record<string, unknown>;
type Word = string | LosslessNumber;

const word = z.union([z.string(), z.instanceof(LosslessNumber)]);

/** Reads with one of the domain's readers; what it refuses is an issue with its sentence. */
export function read<I extends z.ZodType<unknown>, T>(
  schema: I,
  reader: (value: z.output<I>) => T,
  json: Json,
) {
  return schema
    .transform((value, context): T => {
      try {
        return reader(value);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        context.issues.push({
          code: 'custom',
          message: error.message,
          input: value,
          params: { hint: error.hint },
        });
        return z.NEVER;
      }
    })
    .meta({ json });
}

const number = { type: ['string', 'number'], pattern: '^[0-9]+([.][0-9]+)?$' };

/** An exact amount of 0 or more: a decimal string, or a number that is taken as it is written. */
export const amount = (name: string, example = '1') =>
  read(word, (value: Word) => parseAmount(String(value), { name, min: '0' }), {
    ...number,
    examples: [example],
  });

/** A whole number within bounds, as a number or a string of digits. */
export const count = (name: string, { min = 0, max = 2_147_483_647 }: { min?: number; max?: number } = {}) =>
  read(word, (value: Word) => parseInteger(String(value), { name, min, max }), {
    type: ['integer', 'string'],
    minimum: min,
    maximum: max,
  });

/** An instant: ISO 8601, UTC where no zone is said. */
export const instant = (name: string) =>
  read(z.string(), (value) => parseInstant(value, name), {
    type: 'string',
    format: 'date-time',
    examples: ['2026-01-31T12:00:00Z'],
  });

/** Text of the application's, at most `max` characters. */
export const text = (max = 200) => z.string().min(1).max(max);

/** Whatever JSON the application keeps with a use. */
export const anything = (name: string) =>
  read(
    z.unknown(),
    (value) => {
      const plain = withPlainNumbers(value, name);
      checkKept(plain, JSON.stringify(plain) ?? '', name);
      return plain;
    },
    {},
  );

/** Amounts by name: `{"characters": "1200"}`. */
export const amounts = (name: string) =>
  z.record(z.string(), amount(name)).meta({
    json: { type: 'object', additionalProperties: number, examples: [{ characters: '1200' }] },
  });

export const customerId = text().meta({ description: 'Your own id of the customer', examples: ['ada'] });
