import { expect, test } from 'vitest';
import type { SqlFile } from '../../src/database/bundled-sql.ts';
import { inOrderOfUse, isView } from '../../src/database/function-order.ts';

const file = (name: string, text: string): SqlFile => ({ name, path: name, text, checksum: name });
const namesOf = (files: SqlFile[]) => inOrderOfUse(files).map(({ name }) => name);

test('a file comes after those that it names', () => {
  expect(namesOf([file('a', 'select subctl.b()'), file('b', 'from subctl.c'), file('c', '')])).toEqual([
    'c',
    'b',
    'a',
  ]);
});

test('comments and tables do not count', () => {
  expect(namesOf([file('a', '-- unlike subctl.b\nfrom subctl.customers'), file('b', '')])).toEqual([
    'a',
    'b',
  ]);
});

test('functions that call one another in a circle are placed all the same, each once', () => {
  expect(namesOf([file('a', 'subctl.b'), file('b', 'subctl.c'), file('c', 'subctl.a')]).sort()).toEqual([
    'a',
    'b',
    'c',
  ]);
});

test('a view is told from a function', () => {
  const view = file('v', '-- what is used\ncreate or replace view subctl.v as select 1');
  expect([isView(view), isView(file('f', 'create or replace function subctl.f()'))]).toEqual([true, false]);
});
