import { createHash } from 'node:crypto';
import { Failure } from '../domain/failure.ts';
import { countLines, type Head, isCounted, isHead, isTail, type Tail, words } from './archive.ts';
import type { Counted } from './count.ts';

/** A table of an archive, whose rows must be read to their end before the next one is asked for. */
export interface ArchivedTable {
  name: string;
  columns: readonly string[];
  rows: AsyncIterable<Buffer>;
}

/** An archive that has been opened: its head, its tables in order, and, once all of them are read, its tail. */
export interface OpenArchive {
  head: Head;
  tables(): AsyncGenerator<ArchivedTable, Tail>;
}

const lineEnd = 10;
const end = Buffer.from('\n\\.\n');
const longestLine = 64 * 1024 * 1024;

/** The refusal of a file that is not what subctl wrote. */
export function damaged(why: string, cause?: unknown): Failure {
  return new Failure('refused', `The archive is damaged: ${why}`, {
    hint: 'use another one; nothing of it was kept',
    cause,
  });
}

/**
 * Reads the text of an archive. All of it is checked on the way: the number of rows of each table, the order, and at the end the SHA-256
 * of everything. Only a reader that has come to the tail knows that the archive is whole.
 * @throws Failure refused for a file that is cut off, changed or longer than it was, and config for one of a later format
 */
export async function openArchive(bytes: AsyncIterable<Buffer>): Promise<OpenArchive> {
  const text = new Text(bytes[Symbol.asyncIterator]());
  const head = readHead(await text.line());
  return { head, tables: () => readTables(head, text) };
}

/** The head of an archive, also of one behind a dump. @throws Failure as openArchive */
export function readHead(line: string): Head {
  const head = parse(line, words.head);
  const { format, program } = (head ?? {}) as { format?: unknown; program?: unknown };
  if (Number.isInteger(format) && (format as number) > 1 && typeof program === 'string')
    throw new Failure('config', `The archive was made by subctl ${program}, in a later format`, {
      hint: `install subctl ${program} or later`,
    });
  if (format !== 1 || !isHead(head)) throw unreadable(words.head);
  return head;
}

/** The tail of one. @throws Failure refused */
export function readTail(line: string): Tail {
  const tail = parse(line, words.tail);
  if (!isTail(tail)) throw unreadable(words.tail);
  return tail;
}

async function* readTables(head: Head, text: Text): AsyncGenerator<ArchivedTable, Tail> {
  const seen: Counted[] = [];
  for (const { name, columns } of head.tables) {
    if (!(await text.line()).startsWith(`COPY subctl.`)) throw damaged(`the rows of ${name} are missing`);
    const counts = { rows: 0, isOver: false };
    yield { name, columns, rows: counting(text.rows(), counts) };
    if (!counts.isOver) throw new Failure('bug', `The rows of ${name} were not read`);
    const counted = parse(await text.line(), words.table);
    if (!isCounted(counted)) throw unreadable(words.table);
    if (counted.name !== name || counted.rows !== counts.rows)
      throw damaged(`${name} has ${counts.rows} rows where ${counted.rows} of ${counted.name} should be`);
    seen.push(counted);
  }
  const sha256 = text.sha256();
  const tail = readTail(await text.line());
  if (tail.sha256 !== sha256 || JSON.stringify(tail.tables) !== JSON.stringify(seen))
    throw damaged('its checksum is not that of its contents');
  if (!(await text.isOver())) throw damaged('something was added to its end');
  return tail;
}

async function* counting(
  rows: AsyncIterable<Buffer>,
  counts: { rows: number; isOver: boolean },
): AsyncGenerator<Buffer, void> {
  for await (const bytes of rows) {
    counts.rows += countLines(bytes);
    yield bytes;
  }
  counts.isOver = true;
}

function parse(line: string, word: string): unknown {
  if (!line.startsWith(word)) throw damaged(`'${word.trim()}' is not where it should be`);
  try {
    return JSON.parse(line.slice(word.length)) as unknown;
  } catch (cause) {
    throw unreadable(word, cause);
  }
}

const unreadable = (word: string, cause?: unknown): Failure =>
  damaged(`what follows '${word.trim()}' cannot be read`, cause);

/** Bytes that are taken by the line or by the table, and hashed as they are taken. */
class Text {
  readonly #pieces: AsyncIterator<Buffer>;
  readonly #hash = createHash('sha256');
  #rest: Buffer = Buffer.alloc(0);

  constructor(pieces: AsyncIterator<Buffer>) {
    this.#pieces = pieces;
  }

  /** Of all that was taken so far. */
  sha256(): string {
    return this.#hash.copy().digest('hex');
  }

  async line(): Promise<string> {
    for (let from = 0; ;) {
      const at = this.#rest.indexOf(lineEnd, from);
      if (at >= 0) return this.#take(at + 1).toString('utf8', 0, at);
      if (this.#rest.length > longestLine) throw damaged('a line has no end');
      from = this.#rest.length;
      if (!(await this.#more())) throw damaged('it is cut off');
    }
  }

  /** The rows of a table, up to the line that ends them. */
  async *rows(): AsyncGenerator<Buffer, void> {
    while (this.#rest.length < end.length - 1) if (!(await this.#more())) throw damaged('it is cut off');
    if (end.subarray(1).equals(this.#rest.subarray(0, end.length - 1)))
      return void this.#take(end.length - 1);
    for (;;) {
      const at = this.#rest.indexOf(end);
      if (at >= 0) {
        yield this.#take(at + 1);
        this.#take(end.length - 1);
        return;
      }
      const sure = this.#rest.length - (end.length - 1);
      if (sure > 0) yield this.#take(sure);
      if (!(await this.#more())) throw damaged('it is cut off');
    }
  }

  async isOver(): Promise<boolean> {
    return this.#rest.length === 0 && !(await this.#more());
  }

  #take(length: number): Buffer {
    const taken = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    this.#hash.update(taken);
    return taken;
  }

  async #more(): Promise<boolean> {
    const { value, done } = await this.#pieces.next();
    if (done) return false;
    this.#rest = this.#rest.length === 0 ? value : Buffer.concat([this.#rest, value]);
    return true;
  }
}
