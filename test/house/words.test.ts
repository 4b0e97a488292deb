import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { root } from './sources.ts';

/** Words that may not come back in identifiers and file names of src, and the field's word for each. */
const words: Readonly<Record<string, string>> = {
  bell: 'wakeSignal',
  flights: 'runs',
  lament: 'reportFailure',
  rejoice: 'reportRecovery',
  takeable: 'claimableTask',
  keeper: 'outagePolicy',
  leaver: 'shutdownHook',
  strikes: 'failedAttempts',
  wish: 'subscriptionChange',
  strangers: 'unlinkedCustomers',
  untold: 'unreported',
  rehearse: 'dryRun',
  sweeps: 'retentionRules',
};
/** Two words that are one name: `signOff`, `letGo`. */
const pairs: Readonly<Record<string, string>> = {
  signOff: 'unregister',
  letGo: 'close',
  inFlight: 'mapWithConcurrency',
  holdFence: 'assertLease',
  takeDown: 'dropDependents',
  findHead: 'findLiveSubscription',
  takeHead: 'lockLiveSubscription',
};

function unwelcome(name: string): string[] {
  const parts = name.split(/[^A-Za-z]|(?<=[a-z])(?=[A-Z])/).map((part) => part.toLowerCase());
  const found = parts.flatMap((part) =>
    Object.hasOwn(words, part) ? [`${name}: say ${words[part]}, not ${part}`] : [],
  );
  return Object.hasOwn(pairs, name) ? [...found, `${name}: say ${pairs[name]}`] : found;
}

/** The names that a text declares. */
function declared(text: string): string[] {
  return [...text.matchAll(/\b(?:function|const|let|interface|type|class)\s+(\w+)/g)].map(
    ([, name]) => name!,
  );
}

it('identifiers and files of src have the words of the field', () => {
  const files = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' });
  const found = files
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) =>
      [file, ...declared(readFileSync(path.join(root, 'src', file), 'utf8'))]
        .flatMap(unwelcome)
        .map((fault) => `${file}: ${fault}`),
    );
  expect(found).toEqual([]);
});

it('a planted word is found', () => {
  expect(declared('export function openBell() {}\nconst letGo = 1;').flatMap(unwelcome)).toEqual([
    'openBell: say wakeSignal, not bell',
    'letGo: say close',
  ]);
});
