import { Failure } from '../../domain/failure.ts';
import { mostBytes, readValue } from '../../keys/key-value.ts';
import { asArgument, looksLikeKey } from '../../keys/names.ts';
import { readBy } from '../ask.ts';
import type { Context } from '../context.ts';
import { openInput } from '../open-input.ts';

export interface Sources {
  name: string;
  source: string | undefined;
  fromEnv: string | undefined;
  fromFile: string | undefined;
}

const instead = 'Give --from-env VARIABLE, --from-file FILE, or - for standard input';

/** Reads a key from the given source, else from a hidden prompt. Error messages never repeat the value. */
export async function valueFrom(
  context: Context,
  { name, source, fromEnv, fromFile }: Sources,
): Promise<string> {
  if (source !== undefined && source !== '-') throw asArgument();
  if ([source, fromEnv, fromFile].filter((one) => one !== undefined).length > 1)
    throw new Failure('usage', 'The key has more than one source', { hint: instead });
  // a terminal echoes input; the prompt does not
  if (source === '-' && !context.terminal.interactive) return readValue(await wholeOf(context, '-'));
  if (fromEnv !== undefined) return readValue(fromVariable(context, fromEnv));
  if (fromFile !== undefined) return readValue(await fromNamedFile(context, fromFile));
  const { secret } = await context.prompts(instead);
  return readValue(await secret(`Key of ${name} (not shown)`, readBy(readValue)));
}

function fromVariable({ env }: Context, variable: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(variable) || looksLikeKey(variable)) throw asArgument();
  const value = env[variable];
  if (value) return value;
  const shown = /^[A-Z_][A-Z0-9_]*$/.test(variable) ? variable : 'of that name';
  throw new Failure('not_found', `The variable ${shown} is ${value === '' ? 'empty' : 'not set'}`, {
    hint: 'Export it, or give --from-file FILE',
  });
}

async function fromNamedFile(context: Context, file: string): Promise<string> {
  try {
    return await wholeOf(context, file);
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== 'not_found' || !looksLikeKey(file)) throw error;
    throw new Failure('not_found', 'There is no such file, and its name looks like a key', {
      hint: 'Give the path of a file; if this was a key, revoke it',
      cause: error,
    });
  }
}

async function wholeOf(context: Context, file: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of openInput(context, file)) {
    chunks.push(Buffer.from(chunk));
    if ((size += chunk.length) > mostBytes + 1_024)
      throw new Failure('usage', `The key has more than ${mostBytes} bytes`, { hint: 'Give the key alone' });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new Failure('usage', 'The key is not text in UTF-8', { hint: 'Give the key alone' });
  }
}
