import { readCurrencyCode } from '../domain/currency.ts';
import { Failure } from '../domain/failure.ts';
import { parseKeptJson } from '../domain/kept.ts';
import { nearest } from '../domain/nearest.ts';
import { parseTimezone } from '../domain/timezones.ts';
import { faultOfId } from './customer-id.ts';

/** The fields of a customer beside its id; null removes a value, undefined leaves it. */
export interface CustomerFields {
  kind?: 'user' | 'group' | undefined;
  name?: string | null | undefined;
  email?: string | null | undefined;
  timezone?: string | null | undefined;
  currency?: string | null | undefined;
  metadata?: Record<string, unknown> | undefined;
}

/** The same fields as a file or query gives them, under the columns' names; none is null. */
export type RawFields = Record<string, string | null>;

export const fieldNames = ['kind', 'name', 'email', 'timezone', 'currency', 'metadata'] as const;

/**
 * Reads a customer's fields from text: zones in their standard capitals, currencies in capitals, metadata from a JSON object.
 * @throws Failure usage that names the field and the value
 */
export function readFields(raw: RawFields): CustomerFields {
  return fill<CustomerFields>({}, raw);
}

function fill<T extends CustomerFields>(fields: T, raw: RawFields): T {
  if (raw.kind !== undefined) fields.kind = readKind(raw.kind);
  if (raw.name !== undefined) fields.name = raw.name === null ? null : readName(raw.name);
  if (raw.email !== undefined) fields.email = raw.email === null ? null : readEmail(raw.email);
  if (raw.timezone !== undefined) fields.timezone = raw.timezone === null ? null : zone(raw.timezone);
  if (raw.currency !== undefined) fields.currency = raw.currency === null ? null : readCurrency(raw.currency);
  if (raw.metadata !== undefined)
    fields.metadata = raw.metadata === null ? {} : parseKeptJson(raw.metadata, 'metadata');
  return fields;
}

/** Reads one row of an import: its id and its fields. Failure usage as readFields. */
export function readCustomer(raw: RawFields, emailAllowed: boolean): { id: string } & CustomerFields {
  const id = raw.id ?? '';
  const wrong = faultOfId(id, { emailAllowed });
  if (wrong) throw new Failure('usage', `The id '${id}' ${wrong.fault}`, { hint: wrong.hint });
  return fill<{ id: string } & CustomerFields>({ id }, raw);
}

function readKind(text: string | null): 'user' | 'group' {
  const kind = text ?? 'user';
  if (kind === 'user' || kind === 'group') return kind;
  throw new Failure('usage', `The kind '${kind}' is neither user nor group`, {
    hint: `Did you mean ${nearest(kind, ['user', 'group']) ?? 'user'}?`,
  });
}

function readName(text: string): string {
  if (text.length <= 500 && /^[ -~]*$/.test(text)) return text; // accepts nearly all names with a single test
  if (text.length <= 500 && !/\p{Cc}/u.test(text)) return text;
  throw new Failure('usage', 'The name is longer than 500 characters or has control characters');
}

function readEmail(text: string): string {
  if (text.length <= 320 && /^[!-?A-~]+@[!-?A-~]+$/.test(text)) return text;
  if (text.length <= 320 && /^[^@\s]+@[^@\s]+$/.test(text) && !/\p{Cc}/u.test(text)) return text;
  throw new Failure('usage', `The email '${text}' is not an e-mail address`, {
    hint: 'Give one such as ann@example.org',
  });
}

const readCurrency = (text: string): string => readCurrencyCode(text.toUpperCase(), 'currency');

const zones = new Map<string, string>();

function zone(text: string): string {
  const known = zones.get(text) ?? parseTimezone(text);
  zones.set(text, known);
  return known;
}
