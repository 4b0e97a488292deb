import { pipeline } from 'node:stream/promises';
import { Failure } from '../domain/failure.ts';

/** Writes `bytes` to stdout, as fast as its reader reads, and gives their number. @throws Failure unavailable when the reader goes away */
export async function writeStdout(
  stdout: NodeJS.WritableStream,
  bytes: AsyncIterable<Buffer>,
): Promise<number> {
  let size = 0;
  const counted = async function* () {
    for await (const piece of bytes) {
      size += piece.length;
      yield piece;
    }
  };
  try {
    await pipeline(counted, stdout, { end: false });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (
      !['EPIPE', 'ENOSPC', 'EFBIG', 'ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_DESTROYED'].includes(code ?? '')
    )
      throw error;
    const why = { ENOSPC: 'the disk is full', EPIPE: 'its reader has gone' }[code ?? ''] ?? message;
    throw new Failure('unavailable', `The archive cannot be written to stdout: ${why}`, {
      hint: 'what was written is no whole archive',
      cause: error,
    });
  }
  return size;
}
