import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { placeOf, slowestFiles } from '../../scripts/slowest-first.mjs';
import { scaled } from '../support/load.ts';
import { filesIn, root, textOf } from './sources.ts';

/** Options of what is tested: there a time-out is the subject, and the test makes sure that it comes or does not come. */
const ofWhatIsTested = new Set(['test/keys/master-key.test.ts', 'test/commands/keys/test.test.ts']);
const tests = filesIn('test', '.ts').filter(
  (file) => !ofWhatIsTested.has(file) && !file.startsWith('test/house/'),
);
const amount = (text: string) => Number(text.replaceAll('_', ''));

/** A test has ten minutes, a wait for an event two; what is quicker on a quiet machine is not on one that is busy. */
describe('P15: a test fails because of what it tests, and not because the machine is busy', () => {
  const faultsOf = (form: RegExp, least: number) =>
    tests.flatMap((file) =>
      [...textOf(file).matchAll(form)]
        .filter(([, given]) => amount(given!) < least)
        .map(([all]) => `${file}: ${all.trim()}`),
    );

  it('no test and no hook sets a time-out shorter than that of vitest.config.ts', () => {
    expect(faultsOf(/^(?: {2})?\}\)?, ([\d_]+)\);$/gm, 600_000)).toEqual([]);
    expect(faultsOf(/^ {2,4}([\d_]+),\n {0,2}\);$/gm, 600_000)).toEqual([]);
    expect(faultsOf(/\{ timeout: ([\d_]+) \},(?: async)? \(/g, 600_000)).toEqual([]);
  });

  it('no wait for an event is shorter than two minutes', () => {
    expect(faultsOf(/\btimeout: ([\d_]{3,})\b/g, 120_000)).toEqual([]);
    expect(faultsOf(/waitFor\([^\n]*, ([\d_]+)\)/g, 120_000)).toEqual([]);
  });

  it('what must be quick has longer where more wants to run than there are cores', () => {
    expect(scaled(1_000, 0.5, 2)).toBe(1_000);
    expect(scaled(1_000, 16, 2)).toBe(16_000);
    expect(scaled(1_000)).toBeGreaterThanOrEqual(1_000);
  });
});

it('the slowest files are started first, and each of the list is there', () => {
  expect(slowestFiles.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
  expect(slowestFiles.map((file) => placeOf(path.join(root, file)))).toEqual(slowestFiles.map((_, at) => at));
  expect(placeOf(path.join(root, 'test/house/timeouts.test.ts'))).toBe(slowestFiles.length);
});
