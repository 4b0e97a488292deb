import { expect, it } from 'vitest';
import { filesIn, textOf } from '../house/sources.ts';

/** What has no test yet, with the reason. */
const waits: Record<string, string> = {
  R44: 'undo is not built',
};

const titles = filesIn('test', '.test.ts')
  .filter((file) => !file.startsWith('test/rules/rule-book'))
  .map((file) => (textOf(file).match(/(['"`])(?:\\.|(?!\1).)*\1/g) ?? []).join('\n'))
  .join('\n');
const isNamed = (id: string) => new RegExp(`\\b${id}\\b`).test(titles);
const ids = (letter: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, n) => `${letter}${from + n}`);

it('docs/rules.md states every rule of the book to users, R1 to R45, in its order', () => {
  const stated = [...textOf('docs/rules.md').matchAll(/^- \*\*(R\d+)\b/gm)].map(([, id]) => id);
  expect(stated).toEqual(ids('R', 1, 45));
});

it.each([
  ['rule', ids('R', 1, 45)],
  ['golden example', [...ids('G', 1, 26), ...ids('G', 41, 47)]],
])('every %s has a test that carries its number', (_, all) => {
  expect(
    all.filter((id) => !isNamed(id) && !waits[id]),
    'Write its test, or the reason into `waits`',
  ).toEqual([]);
});

it('defects 1 to 45 each have a test that would catch them', () => {
  const open = textOf('docs/features.md').match(/^\| (?:[1-9]|[1-3]\d|4[0-5]) \|.*\| not yet \|$/gm);
  expect(open).toBeNull();
});
