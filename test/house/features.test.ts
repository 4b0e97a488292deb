import { expect, it } from 'vitest';
import { commands } from '../support/commands.ts';
import { filesIn, textOf } from './sources.ts';

const lines = textOf('docs/features.md').split('\n');
const cellsOf = (line: string) =>
  line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim());
const features = lines.filter((line) => /^\| [A-Z]\d+ \|/.test(line)).map(cellsOf);
const defects = lines.filter((line) => /^\| \d+ \|/.test(line)).map(cellsOf);

/** How many features each group has, and how many defects there are. */
const counts = { P: 16, S: 20, W: 20, C: 14, U: 14, K: 12, A: 10, N: 19, T: 11, J: 14, M: 8, Y: 7, O: 10 };

it('docs/features.md has a row for every feature and every defect', () => {
  const ids = Object.entries(counts).flatMap(([group, count]) =>
    numbers(count).map((number) => `${group}${number}`),
  );
  expect(features.map(([id]) => id)).toEqual(ids);
  expect(defects.map(([id]) => id)).toEqual(numbers(84).map(String));
});

it('every command that it names is in the table', () => {
  const known = new Set(commands.map(({ path }) => path));
  const named = features.flatMap(([, , commands]) =>
    [...commands!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!),
  );
  expect(named.filter((name) => !known.has(name))).toEqual([]);
});

it('a row says a command and a proof, or not yet', () => {
  const halves = features.filter(([, , command, proof]) => (command === 'not yet') !== (proof === ''));
  expect(halves).toEqual([]);
});

it('every test that it names is there, by its file and its title', () => {
  const beside = lines.filter((line) => /^`test\//.test(line));
  const proofs = [
    ...features.map(([, , , proof]) => proof!),
    ...defects.map(([, , proof]) => proof!),
    ...beside,
  ];
  const there = new Set(filesIn('test', '.test.ts'));
  const wrong = proofs
    .filter((proof) => proof !== '' && proof !== 'not yet')
    .filter((proof) => {
      const [, file, title] = /^`(test\/[^`]+)` (.+)$/.exec(proof.replaceAll('\\|', '|')) ?? [];
      return !file || !there.has(file) || !textOf(file).includes(title!);
    });
  expect(wrong, 'A test was renamed or removed: give the row the one that proves it now').toEqual([]);
});

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at + 1);
}
