import { expect, it } from 'vitest';
import { viewComments } from '../../scripts/integrity-checks.mjs';
import { checks } from '../../src/integrity/catalogue.ts';
import { faults } from '../integrity/faults/all.ts';
import { filesIn, textOf } from './sources.ts';

const inCatalogue = checks.flatMap((check) => ('view' in check ? [check.view] : []));
const comments = viewComments();
const rules = [...textOf('docs/rules.md').matchAll(/^- \*\*(R\d+[a-z]?)\b/gm)].map(([, number]) => number!);
const made = filesIn('drizzle', '.sql').flatMap((file) =>
  [...textOf(file).matchAll(/^create or replace view ([\w.]+\.integrity_\w+)/gm)].map(([, view]) => view!),
);

it('each view of an integrity check is in the catalogue, once, and each entry has its view', () => {
  expect([...inCatalogue].sort()).toEqual([...made].sort());
  expect(new Set(checks.map(({ name }) => name)).size).toBe(checks.length);
});

it('each check says its rule: numbers of docs/rules.md and a sentence without a full stop', () => {
  const said = checks.map((check) => ('view' in check ? comments.get(check.view) : check.rule) ?? '');
  expect(said.filter((rule) => !/^R\d+[a-z]?(, R\d+[a-z]?)*: [A-Z].*[^.]$/.test(rule))).toEqual([]);
  const numbers = said.flatMap((rule) => /^[^:]*/.exec(rule)![0].split(', '));
  expect(rules.length).toBeGreaterThan(40);
  expect(numbers.filter((number) => !rules.includes(number))).toEqual([]);
});

it('a test plants a fault for each check, and none for a check that is not there', () => {
  const names = checks.map(({ name }) => name);
  expect(names.filter((name) => !faults.some(({ check }) => check === name))).toEqual([]);
  expect(faults.filter(({ check }) => !names.includes(check)).map(({ what }) => what)).toEqual([]);
});
