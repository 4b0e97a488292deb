import { expect, it } from 'vitest';
import { filesIn, textOf } from './sources.ts';

const wall = 250;
const linesOf = (file: string) => textOf(file).trimEnd().split('\n').length;
const files = ['.ts', '.mjs'].flatMap((end) =>
  ['src', 'test', 'bench', 'scripts'].flatMap((folder) => filesIn(folder, end)),
);

it(`no file is longer than ${wall} lines`, () => {
  const long = files.filter((file) => linesOf(file) > wall).map((file) => `${file}: ${linesOf(file)}`);
  expect(long, 'A file answers one question: split it by question').toEqual([]);
});

it('a command is at most 60 lines', () => {
  const commands = filesIn('src/commands', '.ts').filter(
    (file) => file.split('/').length === 4 && !file.endsWith('/spec.ts'),
  );
  const verbs = commands.filter((file) => /export (async )?function run\(/.test(textOf(file)));
  const long = verbs.filter((file) => linesOf(file) > 60).map((file) => `${file}: ${linesOf(file)}`);
  expect(
    long,
    'A command reads its input, calls a use case and says how to print it; rules and SQL belong in a room',
  ).toEqual([]);
});
