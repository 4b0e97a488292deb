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

export function openSpool({ folder, bytes = defaultBytes }: SpoolOptions): Spool {
  const requests: Request[] = [];
  let turn: Promise<unknown> = Promise.resolve();
  let writing: Promise<void> | undefined;
  let file: OpenFile | undefined;

  /** One after the other, whoever asks. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = turn.then(work, work);
    turn = done.catch(() => undefined);
    return done;
  }

  function append(events: readonly Event[]): Promise<void> {
    return new Promise((resolve, reject) => {
      requests.push({ text: linesOf(events), resolve, reject });
      writing ??= inTurn(writeAll).finally(() => (writing = undefined));
    });
  }

  /** What comes while the disk is at work is written together: one wait for the disk for all of it. */
  async function writeAll(): Promise<void> {
    while (requests.length > 0) {
      const together = requests.splice(0);
      try {
        await write(Buffer.from(together.map(({ text }) => text).join('')));
        together.forEach(({ resolve }) => resolve());
      } catch (error) {
        const failure = toFailure(error);
        together.forEach(({ reject }) => reject(failure));
      }
    }
  }

  async function write(data: Buffer): Promise<void> {
    checkRoom(data.length);
    for (;;) {
      const current = (file ??= await create());
      try {
        await current.handle.appendFile(data);
        await current.handle.datasync();
        if (fs.existsSync(current.name)) return;
      } catch (error) {
        await drop(); // it may end in half a line
        throw error;
      }
      await drop(); // somebody has taken it up meanwhile, and may have read it already: again, in another
    }
  }

  async function create(): Promise<OpenFile> {
    const name = newName(folder);
    const handle = await fs.promises.open(name, 'ax', 0o600);
    syncFolder(folder);
    return { name, handle };
  }

  async function drop(): Promise<void> {
    await file?.handle.close().catch(() => undefined);
    file = undefined;
  }

  function checkRoom(more: number): void {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    const there = bytesIn(folder);
    if (there + more > bytes)
      throw new Failure('unavailable', `The spool ${folder} has ${there} bytes, and may have ${bytes}`, {
        hint: 'It is emptied when the database is back; give it more with spool: { bytes }',
      });
  }

  return {
    folder,
    append,
    appendNow(events) {
      checkRoom(0);
      const handle = fs.openSync(newName(folder), 'ax', 0o600);
      fs.writeSync(handle, linesOf(events));
      fs.fsyncSync(handle);
      fs.closeSync(handle);
      syncFolder(folder);
    },
    seal: () =>
      inTurn(async () => {
        const sealed = file?.name;
        await drop();
        if (sealed) tolerant(() => fs.renameSync(sealed, sealed.slice(0, -openEnding.length)));
      }),
  };

  function toFailure(error: unknown): Failure {
    if (error instanceof Failure) return error;
    return new Failure(
      'unavailable',
      `The spool ${folder} cannot be written to: ${(error as Error).message}`,
      { cause: error },
    );
  }
}

function linesOf(events: readonly Event[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join('');
}

/** Names sort by time. */
function newName(folder: string): string {
  return path.join(folder, `usage-${Date.now()}-${randomBytes(6).toString('hex')}.ndjson${openEnding}`);
}
