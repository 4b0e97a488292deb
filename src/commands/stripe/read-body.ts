import { Failure } from '../../domain/failure.ts';
import { webhookLimit } from '../../payments/stripe-webhook.ts';
import type { Context } from '../context.ts';
import { openInput } from '../open-input.ts';

/** Reads the body of a webhook from a file or standard input. @throws Failure usage as soon as it exceeds the size limit */
export async function readBody(context: Context, file: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of openInput(context, file)) {
    chunks.push(Buffer.from(chunk as Buffer));
    size += chunk.length;
    if (size > webhookLimit) throw new Failure('usage', `The webhook is larger than ${webhookLimit} bytes`);
  }
  return Buffer.concat(chunks);
}
