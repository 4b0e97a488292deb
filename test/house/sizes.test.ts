import { expect, it } from 'vitest';
import { filesIn, textOf } from './sources.ts';

/** Files that may be longer, each with its reason. */
const reasons: Record<string, string> = {
  'test/usage/reservations.test.ts': 'a hold, its settling, release and expiry are read side by side',
};

const wall = 250;
const linesOf = (file: string) => textOf(file).trimEnd().split('\n').length;
const files = [...filesIn('src', '.ts'), ...filesIn('test', '.ts')];

it(`no file is longer than ${wall} lines`, () => {
  const long = files
    .filter((file) => linesOf(file) > wall && !reasons[file])
    .map((file) => `${file}: ${linesOf(file)}`);
  expect(long, 'A file answers one question: split it by question, or write the reason in this test').toEqual(
    [],
  );
});

it('every reason is for a file that is still too long', () => {
  const stale = Object.keys(reasons).filter((file) => !files.includes(file) || linesOf(file) <= wall);
  expect(stale, 'Take the reason out of this test').toEqual([]);
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
