import { HttpFailure } from './http-failure.ts';

/** Reads no more than may come: a body that is larger is refused while it is still on its way. Failure too_large. */
export async function readBody(request: Request, limit: number): Promise<Buffer> {
  if (!request.body) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > limit)
      throw new HttpFailure('too_large', `The body has more than ${limit} bytes`, {
        hint: 'Send less at once',
        headers: { Connection: 'close' },
      });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
