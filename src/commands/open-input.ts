import { createReadStream } from 'node:fs';
import path from 'node:path';
import { PassThrough, pipeline } from 'node:stream';
import { Failure } from '../domain/failure.ts';
import type { Context } from './context.ts';

/**
 * Streams a file, relative to the working directory, or standard input for `-`.
 * @throws Failure not_found for a missing file, usage for an unreadable one, interrupted by a signal
 */
export async function* openInput(
  { cwd, terminal, signal }: Context,
  file: string,
): AsyncGenerator<Buffer | string> {
  const source = file === '-' ? terminal.streams.stdin : createReadStream(path.resolve(cwd, file));
  // destroying the pipe ends the loop at once; a file stream waits for its pending read, which on a FIFO may never end
  const stream = pipeline(source, new PassThrough(), () => undefined);
  const stop = () => stream.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const chunk of stream) {
      signal.throwIfAborted();
      yield chunk as Buffer | string;
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT')
      throw new Failure('not_found', `There is no file '${file}'`, {
        hint: 'Check the path; it is relative to the working directory',
        cause: error,
      });
    signal.throwIfAborted();
    throw new Failure('usage', `The file '${file}' cannot be read: ${reasons[code ?? ''] ?? message}`, {
      cause: error,
    });
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

const reasons: Readonly<Partial<Record<string, string>>> = {
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  ENOTDIR: 'a part of its path is not a folder',
};
