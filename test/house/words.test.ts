import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
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

/** Phrases that may not come back in texts of commands, and what to write. */
const phrases: Readonly<Record<string, string>> = {
  nobody: 'the subject: no customer, no command, no one',
  anew: 'again, or new',
  ought: 'must, or should',
  'be told': 'is notified, or gets a notification',
  'were told': 'was notified, or sent notifications',
  'none of its own': 'what it has instead',
  'so long ago': 'this long ago, or a span that ends now',
  'give back': 'refund, or release',
  'take back': 'void, or revert',
  'take it back': 'undo, or revert',
  'way to pay': 'payment method',
  'made up': 'caught up',
  'made-up': 'sample',
  'let go': 'release',
  'is to be': 'the plain verb',
  'still owed': 'amount due',
  'stood so': 'was set before',
  'note that the': 'Record',
  'when it is there': 'when it succeeds',
  'is so already': 'nothing to do, with the state',
  'give it:': 'Run:',
  'do it now': 'the action: apply, refund, erase',
  colours: 'colors',
  behaviour: 'behavior',
  cancelled: 'canceled',
  notice: 'notification',
};

/** The texts of a source file: strings and the fixed parts of templates, in lines of one each. */
function textsIn(source: string): string[] {
  const texts: string[] = [];
  const visit = (node: ts.Node) => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
      texts.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('a.ts', source, ts.ScriptTarget.Latest));
  return texts;
}

function phrasesIn(text: string): string[] {
  return Object.entries(phrases).flatMap(([phrase, instead]) =>
    new RegExp(`\\b${phrase}(?!\\w)`, 'i').test(text) ? [`'${phrase}': write ${instead}`] : [],
  );
}

it('texts of commands are in standard English', () => {
  const found = readdirSync(path.join(root, 'src/commands'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) =>
      textsIn(readFileSync(path.join(root, 'src/commands', file), 'utf8'))
        .flatMap(phrasesIn)
        .map((fault) => `${file}: ${fault}`),
    );
  expect(found).toEqual([]);
});

it('a planted phrase is found, in a string and around a value of a template', () => {
  expect(textsIn("const a = 'Nobody pays'; const b = `${a} is made up ${a}`;").flatMap(phrasesIn)).toEqual([
    "'nobody': write the subject: no customer, no command, no one",
    "'made up': write caught up",
  ]);
});
