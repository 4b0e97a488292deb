import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import path from 'node:path';
import { Failure } from '../domain/failure.ts';
import type { SpoolOptions } from './options.ts';
import type { Event } from './record-many.ts';
import { bytesIn, openEnding, syncFolder, tolerant } from './spool-files.ts';

/**
 * Events that have happened and could not be recorded, in files of a folder: one line of JSON each, by the names of record_usage, so that
 * `subctl usage import` reads them too. Several processes may share the folder; each writes files of its own.
 */
export interface Spool {
  folder: string;
  /** Resolves when the events are on the disk. @throws Failure unavailable when the folder is full or cannot be written to */
  append(events: readonly Event[]): Promise<void>;
  /** the same at once, for the last moment of a process */
  appendNow(events: readonly Event[]): void;
  /** Closes the file that is written to, so that it can be taken up. */
  seal(): Promise<void>;
}

interface Request {
  text: string;
  resolve(): void;
  reject(reason: unknown): void;
}

interface OpenFile {
  name: string;
  handle: fs.promises.FileHandle;
}

const defaultBytes = 64 * 2 ** 20;

export function openSpool(options: SpoolOptions): Spool {
  return new FileSpool(options);
}

class FileSpool implements Spool {
  readonly folder: string;
  readonly #bytes: number;
  readonly #requests: Request[] = [];
  #turn: Promise<unknown> = Promise.resolve();
  #writing: Promise<void> | undefined;
  #file: OpenFile | undefined;

  constructor({ folder, bytes = defaultBytes }: SpoolOptions) {
    this.folder = folder;
    this.#bytes = bytes;
  }

  append(events: readonly Event[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#requests.push({ text: linesOf(events), resolve, reject });
      if (!this.#writing)
        this.#writing = this.#inTurn(() => this.#writeAll()).finally(() => (this.#writing = undefined));
    });
  }

  appendNow(events: readonly Event[]): void {
    this.#checkRoom(0);
    const handle = fs.openSync(newName(this.folder), 'ax', 0o600);
    fs.writeSync(handle, linesOf(events));
    fs.fsyncSync(handle);
    fs.closeSync(handle);
    syncFolder(this.folder);
  }

  seal(): Promise<void> {
    return this.#inTurn(async () => {
      const sealed = this.#file?.name;
      await this.#drop();
      if (sealed) tolerant(() => fs.renameSync(sealed, sealed.slice(0, -openEnding.length)));
    });
  }

  /** Runs one piece of work after the other, in the order of the calls. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work, work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  /** What comes while the disk is at work is written together: one wait for the disk for all of it. */
  async #writeAll(): Promise<void> {
    while (this.#requests.length > 0) {
      const together = this.#requests.splice(0);
      try {
        await this.#write(Buffer.from(together.map(({ text }) => text).join('')));
        together.forEach(({ resolve }) => resolve());
      } catch (error) {
        const failure = this.#failureOf(error);
        together.forEach(({ reject }) => reject(failure));
      }
    }
  }

  async #write(data: Buffer): Promise<void> {
    this.#checkRoom(data.length);
    for (;;) {
      const current = (this.#file ??= await createFile(this.folder));
      try {
        await current.handle.appendFile(data);
        await current.handle.datasync();
        if (fs.existsSync(current.name)) return;
      } catch (error) {
        await this.#drop(); // it may end in half a line
        throw error;
      }
      await this.#drop(); // another process has claimed it meanwhile, and may have read it already: again, in another
    }
  }

  async #drop(): Promise<void> {
    await this.#file?.handle.close().catch(() => undefined);
    this.#file = undefined;
  }

  /** @throws Failure unavailable when `more` bytes would be too many */
  #checkRoom(more: number): void {
    fs.mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const there = bytesIn(this.folder);
    if (there + more > this.#bytes)
      throw new Failure(
        'unavailable',
        `The spool ${this.folder} has ${there} bytes, and may have ${this.#bytes}`,
        { hint: 'It is emptied when the database is back; give it more with spool: { bytes }' },
      );
  }

  #failureOf(error: unknown): Failure {
    if (error instanceof Failure) return error;
    return new Failure(
      'unavailable',
      `The spool ${this.folder} cannot be written to: ${(error as Error).message}`,
      { cause: error },
    );
  }
}

async function createFile(folder: string): Promise<OpenFile> {
  const name = newName(folder);
  const handle = await fs.promises.open(name, 'ax', 0o600);
  syncFolder(folder);
  return { name, handle };
}

function linesOf(events: readonly Event[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join('');
}

/** Names sort by time. */
function newName(folder: string): string {
  return path.join(folder, `usage-${Date.now()}-${randomBytes(6).toString('hex')}.ndjson${openEnding}`);
}
