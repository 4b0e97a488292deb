import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Failure } from '../domain/failure.ts';

/**
 * The bytes of a stream, gunzipped where they are a gzip.
 * @throws Failure usage for a gzip that is cut short, damaged, or followed by something else
 */
export async function* unzip(input: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer> {
  const [head, whole] = await peek(input);
  if (!(head[0] === 0x1f && head[1] === 0x8b)) return yield* whole;
  const gunzip = createGunzip();
  const source = Readable.from(whole, { objectMode: false });
  source.on('error', (error) => gunzip.destroy(error)).pipe(gunzip);
  try {
    for await (const chunk of gunzip) yield chunk as Buffer;
  } catch (error) {
    throw translate(error);
  } finally {
    source.destroy();
  }
}

function translate(error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (!code?.startsWith('Z_')) return error;
  const why = code === 'Z_BUF_ERROR' ? 'is cut short' : `is damaged (${message})`;
  return new Failure('usage', `The gzip file ${why}`, {
    hint: 'What was taken from it stays; give the whole file again, and it is not counted twice',
    cause: error,
  });
}

/** The first bytes of a stream, two at least where it has them, and the stream as it was. */
export async function peek(
  input: AsyncIterable<Buffer | string>,
): Promise<[head: Buffer, whole: AsyncGenerator<Buffer>]> {
  const chunks = input[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < 2) {
    const next = await chunks.next();
    if (next.done) break;
    head = Buffer.concat([head, Buffer.from(next.value)]);
  }
  async function* whole() {
    if (head.length > 0) yield head;
    for (let next = await chunks.next(); !next.done; next = await chunks.next())
      yield Buffer.from(next.value);
  }
  return [head, whole()];
}
