import { createReadStream } from 'node:fs';
import path from 'node:path';
import { PassThrough, pipeline } from 'node:stream';
import { Failure } from '../domain/failure.ts';
import type { Context } from './context.ts';

/**
 * What is in a file, relative to the folder of the command, or on standard input for `-`, as it comes.
 * @throws Failure usage when it cannot be read, not_found when it is not there; interrupted by a signal
 */
export async function* openInput(
  { cwd, terminal, signal }: Context,
  file: string,
): AsyncGenerator<Buffer | string> {
  const source = file === '-' ? terminal.streams.stdin : createReadStream(path.resolve(cwd, file));
  // a pipe ends at once, where a file is closed only when its last read is over: of a FIFO that is when somebody writes
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
        hint: 'Give its path from here',
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
