import * as fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const folder = path.resolve(import.meta.dirname, '../../drizzle/engine');
const files = fs
  .readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.sql'))
  .map((name) => ({ name, code: fs.readFileSync(path.join(folder, name), 'utf8').replace(/--.*$/gm, '') }));

it('H2: every function in PL/pgSQL sets its own search path', () => {
  const without = files.filter(
    ({ code }) =>
      /language plpgsql/.test(code) &&
      !/language plpgsql[^$]*set search_path = pg_catalog, subctl, pg_temp/.test(code),
  );
  expect(without.map(({ name }) => name)).toEqual([]);
});

it('P11: no text of a function has a backslash in a plain string, which standard_conforming_strings reads in two ways', () => {
  const found = files.flatMap(({ name, code }) =>
    [...code.matchAll(/(\w?)'((?:[^']|'')*)'/g)]
      .filter(([, before, text]) => before !== 'E' && text!.includes('\\'))
      .map(([whole]) => `${name}: ${whole}`),
  );
  expect(found).toEqual([]);
});
