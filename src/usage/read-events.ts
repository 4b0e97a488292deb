import { createHash } from 'node:crypto';
import { compareText } from '../domain/compare.ts';
import { decode } from '../files/decode.ts';
import { type TableRow, readCsv } from '../files/read-csv.ts';
import { type Line, readLines } from '../files/read-lines.ts';
import { peek, unzip } from '../files/unzip.ts';
import { parseAmount } from '../domain/amounts.ts';
import { Failure } from '../domain/failure.ts';
import { parseInstant } from '../domain/instants.ts';
import { parseInteger } from '../domain/integers.ts';
import { faultOfKept, faultOfNumbers, parseKeptJson } from '../domain/kept.ts';

type Reader = (text: string, name: string) => unknown;

const text =
  (most = 200): Reader =>
  (value, name) => {
    const fault = faultOfKept(value, most);
    if (fault) throw new Failure('usage', `The ${name} ${fault}`);
    return value;
  };
const amount: Reader = (value, name) => parseAmount(value, { name, min: '0' });
const time: Reader = (value, name) => parseInstant(value, name).toISOString();
const yes: Reader = (value, name) => {
  if (/^(true|yes|1)$/i.test(value)) return true;
  if (/^(false|no|0)$/i.test(value)) return false;
  throw new Failure('usage', `The ${name} '${value}' is neither true nor false`);
};
const json: Reader = (value, name) => parseKeptJson(value, name);

/** The columns of a file of uses: the arguments of record_usage, and the common units by name. */
const fields = new Map<string, Reader>(
  Object.entries({
    customer: text(),
    kind: text(),
    at: time,
    quantity: amount,
    provider: text(),
    model: text(),
    input_tokens: amount,
    output_tokens: amount,
    cached_tokens: amount,
    units: json,
    bytes: amount,
    characters: amount,
    pages: amount,
    seconds: amount,
    cost: amount,
    member: text(),
    session: text(),
    status: text(),
    latency_ms: (value, name) => parseInteger(value, { name, min: 0, max: 2_147_483_647 }),
    endpoint: text(2000),
    key: text(500),
    already_spent: yes,
    partial: yes,
    metadata: json,
  }),
);
const units = ['bytes', 'characters', 'pages', 'seconds'];
const whole = ['customer', 'kind'];

/**
 * Reads the rows of a file of uses: CSV with a header, or NDJSON (its first character is a brace), gzipped or not.
 * @throws Failure usage for another format, or for unknown columns
 */
export async function* readEvents(
  input: AsyncIterable<Buffer | string>,
  required: readonly string[] = whole,
): AsyncGenerator<TableRow> {
  const [head, plain] = await peek(unzip(input));
  const columns = { allowed: [...fields.keys()], required };
  yield* /^\uFEFF?\s*\{/.test(head.toString('utf8')) ? readNdjson(plain) : readCsv(plain, columns);
}

/**
 * Reads a row in the form of record_usage_many. A row without a key gets one, so that a file can be imported again: a row with a time is
 * identified by its content, and an identical row counts once. A row without a time cannot be identified by its content: `keyed` says that
 * its key is missing.
 * @throws Failure usage that names the column
 */
export function readEvent(row: TableRow): { event: Record<string, unknown>; keyed: boolean } {
  const event = readUse(row, whole);
  const keyed = event.key !== undefined || event.at !== undefined;
  return { event: keyed ? { ...event, key: event.key ?? `import:${digestOf(row.values)}` } : event, keyed };
}

/** The key of a row without key and time: its content and position in the file of that beginning, and when the import began. */
export function keyOfPlace({ line, values }: TableRow, file: { beginning: string; startedAt: Date }): string {
  return `import:${digestOf({ ...values, ' place': `${file.startedAt.toISOString()} ${file.beginning} ${line}` })}`;
}

/** Reads the arguments of record_usage in a row, by name; the common units are combined. @throws Failure usage that names the column */
export function readUse({ values, fault }: TableRow, required: readonly string[]): Record<string, unknown> {
  if (fault) throw new Failure('usage', fault);
  const event: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value === null) continue;
    const reader = fields.get(name);
    if (!reader) throw new Failure('usage', `There is no column ${name}`);
    event[name] = reader(value, name);
  }
  for (const name of required)
    if (event[name] === undefined) throw new Failure('usage', `The ${name} is missing`);
  for (const name of units) {
    if (event[name] === undefined) continue;
    event.units = { ...(event.units as object), [name]: event[name] };
    delete event[name];
  }
  return event;
}

/** A digest of a row's content, independent of the order of its columns. */
export function digestOf(values: TableRow['values']): string {
  const known = Object.entries(values).filter(([, value]) => value !== null);
  const sorted = known.sort(([a], [b]) => compareText(a, b));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 40);
}

async function* readNdjson(input: AsyncIterable<Buffer>): AsyncGenerator<TableRow> {
  for await (const line of readLines(decode(input))) if (line.text.trim() !== '') yield readLine(line);
}

function readLine({ line, text: raw, fault }: Line): TableRow {
  const unread = (why: string): TableRow => {
    const values = Object.fromEntries(whole.map((name) => [name, null]));
    return { line, values, raw, fault: why };
  };
  if (fault) return unread(fault);
  try {
    const row = readObject(JSON.parse(raw) as unknown, line);
    const number = faultOfNumbers(raw);
    return number ? unread(`the line ${number}`) : row;
  } catch {
    return unread('the line is not a JSON object');
  }
}

/** Reads a JSON object as a row: numbers and booleans as text, nested values as JSON. Throws an Error for another value. */
export function readObject(object: unknown, line: number): TableRow {
  if (typeof object !== 'object' || object === null || Array.isArray(object))
    throw new Error('not an object');
  const text = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value));
  const cell = (value: unknown) => (value === null ? null : text(value));
  return {
    line,
    values: Object.fromEntries(Object.entries(object).map(([key, value]) => [key, cell(value)])),
  };
}
