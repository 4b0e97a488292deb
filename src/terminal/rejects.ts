import { createReadStream, promises as files } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { csvLines } from './formats/csv.ts';
import { checkOutput, fileSink, removeOutput } from './sink.ts';

/** A row of an input that was left out. */
export interface Rejected {
  line: number;
  reason: string;
  values: Record<string, string | null>;
  /** its text, where it could not be read as a row */
  raw?: string | undefined;
}

/** Where rejected rows are told: on stderr the first ones, and in a file all of them. */
export interface Rejects {
  add(row: Rejected): Promise<void>;
  /** Starts again when the work does. */
  clear(): Promise<void>;
  /** Tells how many there were beside those told, and puts the file in its place (none where nothing was rejected). */
  close(): Promise<void>;
  /** Leaves no file. */
  abandon(): Promise<void>;
}

const told = 20;

/**
 * Collects rejected rows. The file is CSV: every column that a rejected row has, then line and reason, then the text of rows that could not
 * be read. It is given again when it is mended, so that values stay as they were: nothing guards against formulas.
 * @throws Failure usage when the file cannot be written
 */
export async function openRejects(
  name: string | undefined,
  { cwd, note }: { cwd: string; note: (sentence: string) => void },
): Promise<Rejects> {
  const file = name === undefined ? undefined : path.resolve(cwd, name);
  if (file !== undefined) await checkOutput(file);
  let kept: Kept | undefined;
  let count = 0;
  const forget = async () => {
    await kept?.remove();
    [kept, count] = [undefined, 0];
  };
  return {
    async add(row) {
      count++;
      if (count <= told) note(`line ${row.line}: ${row.reason}`);
      if (file === undefined) return;
      kept ??= await openKept();
      await kept.add(row);
    },
    clear: forget,
    async close() {
      if (count > told)
        note(
          `and ${count - told} more${file === undefined ? ': give --rejects FILE to see them all' : `, see ${name}`}`,
        );
      if (file !== undefined) await (kept ? writeCsvOf(kept, file) : removeOutput(file));
      await forget();
    },
    abandon: forget,
  };
}

/** Rows that wait in a temporary file until all their columns are known. */
interface Kept {
  columns: Set<string>;
  isRaw: boolean;
  add(row: Rejected): Promise<void>;
  rows(): AsyncGenerator<Rejected>;
  remove(): Promise<void>;
}

async function openKept(): Promise<Kept> {
  const folder = await files.mkdtemp(path.join(os.tmpdir(), 'subctl-rejects-'));
  const place = path.join(folder, 'rows.ndjson');
  const handle = await files.open(place, 'wx', 0o600);
  const kept: Kept = {
    columns: new Set(),
    isRaw: false,
    async add(row) {
      for (const column of Object.keys(row.values)) kept.columns.add(column);
      kept.isRaw ||= row.raw !== undefined;
      await handle.writeFile(`${escaped(row)}\n`);
    },
    async *rows() {
      const lines = createInterface({ input: createReadStream(place), crlfDelay: Infinity });
      for await (const line of lines) yield JSON.parse(line) as Rejected;
    },
    async remove() {
      await handle.close();
      await files.rm(folder, { recursive: true, force: true });
    },
  };
  return kept;
}

/** JSON in one line for `readline` too, which ends a line at U+2028 and U+2029. */
const escaped = (row: Rejected): string =>
  JSON.stringify(row).replace(/[\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16)}`);

async function writeCsvOf(kept: Kept, file: string): Promise<void> {
  const columns = [...kept.columns];
  const sink = await fileSink(file);
  try {
    await sink.write(csvLines([[...columns, 'line', 'reason', ...(kept.isRaw ? ['raw'] : [])]]));
    for await (const { values, line, reason, raw } of kept.rows()) {
      const cells = columns.map((column) => (Object.hasOwn(values, column) ? values[column] : null));
      await sink.write(csvLines([[...cells, line, reason, ...(kept.isRaw ? [raw] : [])]]));
    }
    await sink.commit();
  } catch (error) {
    await sink.abandon();
    throw error;
  }
}
