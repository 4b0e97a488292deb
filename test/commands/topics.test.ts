import { expect, test } from 'vitest';
import { settingSpecs } from '../../src/config/keys.ts';
import { topics } from '../../src/commands/topics.ts';

const names = topics['environment']!()
  .split('\n')
  .flatMap((line) => /^ {2}([A-Z][A-Z_, ]*[A-Z])( {2}|$)/.exec(line)?.[1]!.split(', ') ?? []);

test('subctl help environment names every variable of a setting', () => {
  expect(names).toEqual(expect.arrayContaining(settingSpecs.flatMap(({ variables }) => [...variables])));
});

test('subctl help environment names no variable that does nothing', () => {
  const settings: string[] = settingSpecs.flatMap(({ variables }) => [...variables]);
  const others = names.filter((name) => !settings.includes(name));
  expect(others, 'A setting belongs into src/config/keys.ts').toEqual([
    ...['SUBCTL_CONFIG', 'NO_COLOR', 'FORCE_COLOR', 'SUBCTL_PAGER', 'PAGER', 'COLUMNS', 'CI'],
  ]);
});
