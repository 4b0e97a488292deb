import type { IncomingMessage } from 'node:http';
import type { Context } from 'hono';
import { Failure } from '../domain/failure.ts';
import { HttpFailure } from './http-failure.ts';

/**
 * Reads no more than may come: a body that is larger is refused while it is still on its way. It comes from Node's own stream, for the
 * Fetch API's costs as much as all the rest of a small request. Failure too_large.
 */
export async function readBody(context: Context, limit: number): Promise<Buffer> {
  const { incoming } = context.env as { incoming: IncomingMessage };
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of whole(incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>)) {
    size += chunk.length;
    if (size > limit)
      throw new HttpFailure('too_large', `The body has more than ${limit} bytes`, {
        hint: 'Send less at once',
        headers: { Connection: 'close' },
      });
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

/**
 * The parts of a body as they come.
 * @throws Failure usage when the client hangs up or sends what is no HTTP: that is its matter, and no bug of ours
 */
export async function* whole<T>(parts: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* parts;
  } catch (cause) {
    throw new Failure('usage', 'The request ended before its body was whole', { cause });
  }
}
