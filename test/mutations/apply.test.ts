import { expect, it } from 'vitest';
import { textOf } from '../house/sources.ts';
import { mutations } from './mutations.mjs';

it.each(mutations.map((each) => [`${each.rule} ${each.name}`, each] as const))(
  'the line that is broken on purpose still stands once: %s',
  (_, { file, from, to }) => {
    expect(textOf(file).split(from).length - 1, 'Mend its `from` in test/mutations').toBe(1);
    expect(to).not.toBe(from);
  },
);

it('there are at least fifteen, each with the tests that are to notice', () => {
  expect(mutations.length).toBeGreaterThanOrEqual(15);
  expect(mutations.filter(({ tests }) => tests.length === 0)).toEqual([]);
});
