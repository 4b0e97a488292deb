import path from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { type Sink, checkOutput, fileSink } from './sink.ts';

/** A row of an input that was left out. */
export interface Rejected {
  line: number;
  reason: string;
  values: Record<string, string | null>;
}

/** Where rejected rows are told: on stderr the first ones, and in a file all of them. */
export interface Rejects {
  add(row: Rejected): Promise<void>;
  /** Begins anew, when the work itself does. */
  clear(): Promise<void>;
  /** Tells how many there were beside those told, and puts the file in its place (none where nothing was rejected). */
  close(): Promise<void>;
  /** Leaves no file. */
  abandon(): Promise<void>;
}

const told = 20;

/**
 * Collects rejected rows. The file is CSV: the columns of the input, then line and reason, so that it can be mended and given again.
 * @throws Failure usage when the file cannot be written
 */
export async function openRejects(
  name: string | undefined,
  { cwd, note }: { cwd: string; note: (sentence: string) => void },
): Promise<Rejects> {
  const file = name === undefined ? undefined : path.resolve(cwd, name);
  if (file !== undefined) await checkOutput(file);
  let sink: Sink | undefined;
  let columns: string[] = [];
  let count = 0;
  return {
    async add({ line, reason, values }) {
      count++;
      if (count <= told) note(`line ${line}: ${reason}`);
      if (file === undefined) return;
      if (!sink) {
        sink = await fileSink(file);
        columns = Object.keys(values);
        await sink.write(stringify([[...columns, 'line', 'reason']], { record_delimiter: 'windows' }));
      }
      const cells = columns.map((column) => values[column] ?? '');
      await sink.write(stringify([[...cells, line, reason]], { record_delimiter: 'windows' }));
    },
    async clear() {
      await sink?.abandon();
      [sink, count] = [undefined, 0];
    },
    async close() {
      if (count > told)
        note(
          `and ${count - told} more${file === undefined ? ': give --rejects FILE to see them all' : `, see ${name}`}`,
        );
      await sink?.commit();
    },
    async abandon() {
      await sink?.abandon();
    },
  };
}
