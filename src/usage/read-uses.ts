import { Failure } from '../domain/failure.ts';
import type { TableRow } from '../files/read-csv.ts';
import { readEvents, readObject, readUse } from './read-events.ts';

/** What has no place in a list of uses that have not happened yet. */
const later = ['customer', 'at', 'key', 'status', 'latency_ms', 'already_spent', 'partial'];

/**
 * A list of planned uses, for preflight_usage: a JSON array of objects, NDJSON, or CSV with a line of headings; gzipped or not where it is
 * one of the latter. All of it is read, and one wrong row is a refusal of all.
 * @throws Failure usage that names the row
 */
export async function readUses(input: AsyncIterable<Buffer | string>): Promise<Record<string, unknown>[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of input) chunks.push(Buffer.from(chunk));
  const whole = Buffer.concat(chunks);
  const uses: Record<string, unknown>[] = [];
  for await (const row of rowsOf(whole)) uses.push(readPlanned(row));
  if (uses.length === 0)
    throw new Failure('usage', 'The list has no uses', { hint: 'Give one in each row: kind,quantity' });
  return uses;
}

async function* rowsOf(whole: Buffer): AsyncGenerator<TableRow> {
  if (!/^\uFEFF?\s*\[/.test(whole.subarray(0, 100).toString('utf8')))
    return yield* readEvents(oneChunk(whole), ['kind']);
  for (const [at, use] of parseArray(whole.toString('utf8')).entries()) yield toRow(use, at + 1);
}

async function* oneChunk(whole: Buffer): AsyncGenerator<Buffer> {
  yield whole;
}

function parseArray(text: string): unknown[] {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown[];
  } catch (error) {
    throw new Failure('usage', `The list is no JSON array: ${(error as Error).message}`, {
      hint: '[{"kind": "search", "quantity": 3}]',
      cause: error,
    });
  }
}

function toRow(use: unknown, line: number): TableRow {
  try {
    return readObject(use, line);
  } catch {
    return { line, values: {}, fault: 'it is no JSON object' };
  }
}

function readPlanned(row: TableRow): Record<string, unknown> {
  const extra = later.find((name) => row.values[name] !== undefined && row.values[name] !== null);
  const fault = extra ? `A planned use has no ${extra}` : row.fault;
  try {
    return readUse({ ...row, ...(fault && { fault }) }, ['kind']);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure('usage', `Use ${row.line} of the list: ${error.message}`, { cause: error });
  }
}
