import { Failure } from '../../domain/failure.ts';
import { type FetchedKey, fetchKey } from '../../keys/fetch-key.ts';
import { findProvider } from '../../keys/providers.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { keyRing } from './ring.ts';
import { runChild } from './run-child.ts';
import { type Options, verb } from '../verb.ts';
import { many, text } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl keys run --provider openai -- node worker.js', 'a worker with one key'],
    ['subctl keys run --provider openai --provider fal -- node worker.js', 'a worker with two keys'],
  ],
  exits: [3, 4, 8],
  asOf: true,
  writes: true,
  onSignal: 'stops',
})
  .description(
    'Each key is set in the variable of its provider (OPENAI_API_KEY, ANTHROPIC_API_KEY, ' +
      'GEMINI_API_KEY, FAL_KEY …), for that program only. The audit log records the access. Signals ' +
      'are forwarded to the program, and its exit code is passed on. The master key is not in its ' +
      'environment.',
  )
  .argument('<command...>', 'the program and its arguments, after --')
  .requiredOption('--provider <name>', 'a provider, or the name of a key', many(text()))
  .option('--as <variable>', 'the variable to set; for one key only');

/** Runs a program with keys in its environment and passes its exit code on. */
export async function run(
  context: Context,
  line: string[],
  { provider: words, as }: Options<typeof command>,
): Promise<Outcome> {
  if (as !== undefined && (words.length > 1 || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(as)))
    throw new Failure(
      'usage',
      words.length > 1 ? '--as is for one key only' : `'${as}' is not a variable name`,
      {
        hint: 'Give --as OPENAI_API_KEY with one --provider',
      },
    );
  const ring = await keyRing(context);
  const asked = { provider: words, as, program: line[0] };
  const variables: Record<string, string> = {};
  await write(context, { action: 'keys run', asked }, async (tx, change) => {
    for (const word of words)
      Object.assign(variables, variablesOf(await fetchKey(tx, change, word, ring), as));
    return {};
  });
  const names = Object.keys(variables).join(', ');
  if (context.dryRun) return { text: `Would run ${line[0]} with ${names}\n` };
  context.signal.throwIfAborted();
  await (await context.database()).end({ timeout: 5 }); // a program may run for months
  const { SUBCTL_MASTER_KEY: _master, ...env } = context.env;
  const code = await runChild(line as [string, ...string[]], {
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
  throw new Failure('usage', `The key ${name} has no default variable`, {
    hint: 'Name one: --as MY_API_KEY',
  });
}
