import { Failure } from '../../domain/failure.ts';
import { webhookLimit } from '../../payments/stripe-webhook.ts';
import type { Context } from '../context.ts';
import { openInput } from '../open-input.ts';

/** The bytes of a webhook in a file or on standard input. @throws Failure usage for more than may come, before it is all read */
export async function readBody(context: Context, file: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of openInput(context, file)) {
    chunks.push(Buffer.from(chunk as Buffer));
    size += chunk.length;
    if (size > webhookLimit) throw new Failure('usage', `The webhook has more than ${webhookLimit} bytes`);
  }
  return Buffer.concat(chunks);
}
