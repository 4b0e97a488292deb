import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { helpPages } from '../../src/commands/help-pages.ts';
import { table } from '../../src/commands/table.ts';

const folder = path.join(import.meta.dirname, 'help');
const pages = helpPages(table);

it.each([...pages])('%s is what the program prints (npm run docs writes it)', async (file, text) => {
  expect(await readFile(path.join(folder, file), 'utf8')).toBe(text);
});

it('there is no page of a command that is gone (npm run docs takes it away)', async () => {
  expect((await readdir(folder)).filter((file) => !pages.has(file))).toEqual([]);
});
