import { expect, it } from 'vitest';
import { filesIn, textOf } from './sources.ts';

const wall = 250;
/** What a command does: its file without imports and the definition of its arguments and options. */
const workOf = (file: string) =>
  textOf(file)
    .replace(/^import [\s\S]*?;\n/gm, '')
    .replace(/^export const command = [\s\S]*?;\n(?=\n)/m, '')
    .trim()
    .split('\n').length;
const linesOf = (file: string) => textOf(file).trimEnd().split('\n').length;
const files = ['.ts', '.mjs'].flatMap((end) =>
  ['src', 'test', 'bench', 'scripts'].flatMap((folder) => filesIn(folder, end)),
);

it(`no file is longer than ${wall} lines`, () => {
  const long = files.filter((file) => linesOf(file) > wall).map((file) => `${file}: ${linesOf(file)}`);
  expect(long, 'A file answers one question: split it by question').toEqual([]);
});

it('a command is at most 60 lines', () => {
  const commands = filesIn('src/commands', '.ts').filter((file) => file.split('/').length === 4);
  const verbs = commands.filter((file) => /export (async )?function run\(/.test(textOf(file)));
  const long = verbs.filter((file) => workOf(file) > 60).map((file) => `${file}: ${workOf(file)}`);
  expect(
    long,
    'A command reads its input, calls a use case and says how to print it; rules and SQL belong in a room',
  ).toEqual([]);
});
