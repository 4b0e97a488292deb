import { Failure } from '../domain/failure.ts';
import { decodeUtf8 } from '../domain/utf8.ts';
import type { TableRow } from '../files/read-csv.ts';
import { readEvents, readObject, readUse } from './read-events.ts';

const most = 16 * 1024 * 1024;

/** Fields that a list of planned uses cannot have. */
const later = ['customer', 'at', 'key', 'status', 'latency_ms', 'already_spent', 'partial'];

/**
 * Reads a list of planned uses, for preflight_usage: a JSON array of objects, NDJSON, or CSV with a header; the latter two gzipped or not.
 * One wrong row refuses the whole list.
 * @throws Failure usage that names the row
 */
export async function readUses(input: AsyncIterable<Buffer | string>): Promise<Record<string, unknown>[]> {
  const whole = await readAll(input);
  const uses: Record<string, unknown>[] = [];
  for await (const row of rowsOf(whole)) uses.push(readPlanned(row));
  if (uses.length === 0)
    throw new Failure('usage', 'The list has no uses', { hint: 'Give one in each row: kind,quantity' });
  return uses;
}

/** The maximum size, because the input may be endless. */
async function readAll(input: AsyncIterable<Buffer | string>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of input) {
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    size += bytes.length;
    if (size > most)
      throw new Failure('usage', 'The list has more than 16 MiB', { hint: 'Give it in several parts' });
  }
  return Buffer.concat(chunks);
}

async function* rowsOf(whole: Buffer): AsyncGenerator<TableRow> {
  if (!/^\uFEFF?\s*\[/.test(whole.subarray(0, 100).toString('utf8')))
    return yield* readEvents(oneChunk(whole), ['kind']);
  for (const [at, use] of parseArray(decodeUtf8(whole, 'The list')).entries()) yield toRow(use, at + 1);
}

async function* oneChunk(whole: Buffer): AsyncGenerator<Buffer> {
  yield whole;
}

function parseArray(text: string): unknown[] {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown[];
  } catch (error) {
    throw new Failure('usage', `The list is not a JSON array: ${(error as Error).message}`, {
      hint: '[{"kind": "search", "quantity": 3}]',
      cause: error,
    });
  }
}

function toRow(use: unknown, line: number): TableRow {
  try {
    return readObject(use, line);
  } catch {
    return { line, values: {}, fault: 'it is not a JSON object' };
  }
}

function readPlanned(row: TableRow): Record<string, unknown> {
  const extra = later.find((name) => row.values[name] !== undefined && row.values[name] !== null);
  const fault = extra ? `A planned use cannot have ${extra}` : row.fault;
  try {
    return readUse({ ...row, ...(fault && { fault }) }, ['kind']);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure('usage', `Use ${row.line} of the list: ${error.message}`, { cause: error });
  }
}
