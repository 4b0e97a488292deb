import { Failure } from '../../domain/failure.ts';
import { type FetchedKey, fetchKey } from '../../keys/fetch-key.ts';
import { findProvider } from '../../keys/providers.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { keyRing } from './ring.ts';
import { runChild } from './run-child.ts';
import type { KeySpecs } from './spec.ts';

/** Runs a program with keys in its environment and passes its exit code on. */
export async function run(
  context: Context,
  { command, provider: words, as }: InputOf<KeySpecs['run']>,
): Promise<Outcome> {
  if (as !== undefined && (words.length > 1 || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(as)))
    throw new Failure(
      'usage',
      words.length > 1 ? '--as is for one key' : `'${as}' is not a name for a variable`,
      {
        hint: 'Give --as OPENAI_API_KEY with one --provider',
      },
    );
  const ring = await keyRing(context);
  const asked = { provider: words, as, program: command[0] };
  const variables: Record<string, string> = {};
  await write(context, { action: 'keys run', asked }, async (tx, change) => {
    for (const word of words)
      Object.assign(variables, variablesOf(await fetchKey(tx, change, word, ring), as));
    return {};
  });
  const names = Object.keys(variables).join(', ');
  if (context.dryRun) return { text: `Would run ${command[0]} with ${names}\n` };
  context.signal.throwIfAborted();
  await (await context.database()).end({ timeout: 5 }); // a program may run for months
  const { SUBCTL_MASTER_KEY: _master, ...env } = context.env;
  const code = await runChild(command as [string, ...string[]], {
    env: { ...env, ...variables },
    cwd: context.cwd,
    signal: context.signal,
  });
  return { text: '', code };
}

function variablesOf(
  { provider, name, value, base_url: _ }: FetchedKey,
  as: string | undefined,
): Record<string, string> {
  if (as !== undefined) return { [as]: value };
  const known = findProvider(provider);
  if (known) return Object.fromEntries(known.variables.map((variable) => [variable, value]));
  throw new Failure('usage', `There is no usual variable for the key ${name}`, {
    hint: 'Name one: --as MY_API_KEY',
  });
}
