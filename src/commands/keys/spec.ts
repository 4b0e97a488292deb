import { type Loading, command } from '../command.ts';

const name = { name: 'name', about: 'name of the key: openai, or openai-batch' } as const;

const createMasterKey = command({
  path: 'keys create-master-key',
  summary: 'Create a master key in a new file of mode 0600',
  description: `The master key encrypts the API keys of providers and is never in the database. Keep a copy of the file elsewhere: without it the stored keys cannot be read. An existing file is never overwritten.

Set SUBCTL_MASTER_KEY_FILE to the file. A file may hold several master keys, one a line: the first encrypts, all decrypt. For a rotation, --add puts a new key first; then run keys rotate and remove the old line. Where several hosts have copies, --last adds a key that only decrypts until every host has it.`,
  group: 'start',
  arguments: [{ name: 'file', about: 'the new file, outside the folder of the database' }],
  options: [
    { flag: '--add', about: 'add a new key before those of an existing file: it encrypts from now on' },
    { flag: '--last', about: 'with --add: after them, so that it only decrypts' },
  ],
  examples: [
    { command: 'subctl keys create-master-key master.key', about: 'once for an installation' },
    { command: 'subctl keys create-master-key master.key --add', about: 'before a rotation' },
  ],
  exits: [5, 8],
  rows: true,
  needs: 'nothing',
  load: (): Loading => import('./create-master-key.ts'),
});

const listKeys = command({
  path: 'keys list',
  summary: 'List the API keys of providers: state, expiry, last test, never a value',
  group: 'use',
  examples: [
    { command: 'subctl keys list', about: 'their last four characters' },
    { command: 'subctl keys list --json', about: 'for a monitor' },
  ],
  rows: true,
  asOf: true,
  load: (): Loading => import('./list.ts'),
});

const setKey = command({
  path: 'keys set',
  summary: 'Store the API key of a provider, encrypted',
  description:
    'The key comes from a hidden prompt, a variable, a file or standard input, never from an argument. The provider is what the name is or begins with, else --provider. A key of the name is replaced.',
  group: 'use',
  arguments: [name, { name: 'source', optional: true, about: '- for standard input' }],
  options: [
    { flag: '--from-env', value: 'variable', about: 'take it from this variable of the environment' },
    { flag: '--from-file', value: 'file', about: 'take it from this file' },
    { flag: '--provider', value: 'provider', about: 'whose key it is; other for one that cannot be tested' },
    { flag: '--base-url', value: 'url', about: 'where the provider is, for a gateway of your own' },
    { flag: '--expires-at', value: 'time', kind: 'instant', about: 'when the provider ends it' },
  ],
  examples: [
    { command: 'subctl keys set openai --from-env OPENAI_API_KEY', about: 'from the environment' },
    {
      command: 'subctl keys set fal --from-file fal.key --expires-at 2036-01-01',
      about: 'with a notice before it expires',
    },
    {
      command:
        'subctl keys set openai-batch --from-env OPENAI_API_KEY --base-url https://gateway.example.com/v1',
      about: 'a second one, for a gateway of your own',
    },
  ],
  exits: [3, 8],
  rows: true,
  writes: true,
  asOf: true,
  load: (): Loading => import('./set.ts'),
});

const keyStatus = command({
  path: 'keys status',
  summary: 'Show which services have a usable key, and what is missing',
  description:
    'For applications and monitors: never a value. Exit code 4 when a key of the setting required_keys is missing or cannot be used (config set required_keys fal,ai).',
  group: 'use',
  examples: [
    { command: 'subctl keys status', about: 'is every required service available?' },
    { command: 'subctl keys status --json', about: 'for an application' },
  ],
  exits: [4],
  rows: true,
  parts: ['services'],
  asOf: true,
  load: (): Loading => import('./status.ts'),
});

const testKeys = command({
  path: 'keys test',
  summary: 'Test keys with the cheapest call of their providers',
  description:
    'Makes one call that costs nothing for each key and notes when it was tested and how that ended. Exit code 4 when a provider refuses a key, 6 when one cannot be reached, is overloaded or has a failure of its own. keys set --base-url changes where it asks.',
  group: 'use',
  arguments: [
    { name: 'names', optional: true, many: true, about: 'names of keys; all of them unless given' },
  ],
  examples: [
    { command: 'subctl keys test openai', about: 'does OpenAI take it?' },
    { command: 'subctl keys test --json', about: 'all of them, for a monitor' },
  ],
  exits: [3, 4, 8],
  rows: true,
  writes: true,
  asOf: true,
  load: (): Loading => import('./test.ts'),
});

const useKey = command({
  path: 'keys use',
  summary: 'Set the default provider and model of uses that name neither',
  description:
    'A use that has tokens and says no provider and no model is of these: recorded, priced and limited as such. The settings are default_provider and default_model.',
  group: 'use',
  arguments: [{ name: 'provider', optional: true, about: 'the provider, as the price list has it' }],
  options: [
    { flag: '--model', value: 'model', about: 'the model, as the price list has it' },
    { flag: '--none', about: 'have no default' },
  ],
  examples: [
    { command: 'subctl keys use openai --model gpt-4o', about: 'what most uses are of' },
    { command: 'subctl keys use --none', about: 'each use says its model' },
  ],
  rows: true,
  writes: true,
  asOf: true,
  load: (): Loading => import('./use.ts'),
});

const rotateKeys = command({
  path: 'keys rotate',
  summary: 'Encrypt all keys with the first master key',
  description: `The master key is rotated without downtime: give the new and the old one together, the new one first (a file with two lines, or SUBCTL_MASTER_KEY=new,old), run keys rotate, then take the old one away. All keys are encrypted anew in one transaction: a run that is stopped leaves every key readable, and may be repeated.

To replace the value of one key, use keys set.`,
  group: 'use',
  examples: [
    { command: 'subctl keys rotate', about: 'after a new master key was added' },
    { command: 'subctl keys rotate --dry-run', about: 'which keys are still under an old one' },
  ],
  exits: [8],
  rows: true,
  writes: true,
  asOf: true,
  load: (): Loading => import('./rotate.ts'),
});

const removeKey = command({
  path: 'keys remove',
  summary: 'Remove the API key of a provider',
  description: 'The provider still takes it: revoke it there, too. No master key is needed.',
  group: 'use',
  arguments: [name],
  examples: [
    { command: 'subctl keys remove openai --yes', about: 'without being asked' },
    { command: 'subctl keys remove openai --dry-run', about: 'only whether it is there' },
  ],
  exits: [3],
  rows: true,
  writes: true,
  asOf: true,
  load: (): Loading => import('./remove.ts'),
});

const runWithKeys = command({
  path: 'keys run',
  summary: 'Run a program with provider keys in its environment',
  description:
    'Each key stands in the variable of its provider (OPENAI_API_KEY, ANTHROPIC_API_KEY, GEMINI_API_KEY, FAL_KEY …), for that program alone. The audit notes that the key was given. Signals reach the program, and its exit code is that of subctl. The master key is not in its environment.',
  group: 'use',
  arguments: [{ name: 'command', many: true, about: 'the program and its arguments, after --' }],
  options: [
    {
      flag: '--provider',
      value: 'name',
      many: true,
      required: true,
      about: 'a provider or the name of a key; several times',
    },
    { flag: '--as', value: 'variable', about: 'the variable to set, for one key' },
  ],
  examples: [
    { command: 'subctl keys run --provider openai -- node worker.js', about: 'a worker with one key' },
    {
      command: 'subctl keys run --provider openai --provider fal -- node worker.js',
      about: 'with two',
    },
  ],
  exits: [3, 4, 8],
  writes: true,
  asOf: true,
  onSignal: 'stops',
  load: (): Loading => import('./run.ts'),
});

export const keys = [
  createMasterKey,
  listKeys,
  setKey,
  keyStatus,
  testKeys,
  useKey,
  rotateKeys,
  removeKey,
  runWithKeys,
] as const;

export type KeySpecs = {
  createMasterKey: typeof createMasterKey;
  set: typeof setKey;
  test: typeof testKeys;
  use: typeof useKey;
  remove: typeof removeKey;
  run: typeof runWithKeys;
};
