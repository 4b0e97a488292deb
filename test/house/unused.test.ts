import { expect, it } from 'vitest';
import { filesIn, importsIn, textOf, withoutComments } from './sources.ts';

/** drizzle-kit reads every table of the schema; commands are loaded by their file, main.ts by the build. */
const isReadWhole = (file: string) => file.startsWith('src/database/schema/');
const loadedByFile = new Set(['command', 'run', 'main']);

const sources = filesIn('src', '.ts');
const users = [
  ...sources,
  ...filesIn('test', '.ts'),
  ...filesIn('bench', '.ts'),
  ...filesIn('scripts', '.mjs'),
];
const usersOf = new Map<string, Set<string>>();
for (const file of users)
  for (const word of withoutComments(textOf(file)).match(/[A-Za-z_$][\w$]*/g) ?? []) {
    const files = usersOf.get(word) ?? usersOf.set(word, new Set()).get(word)!;
    files.add(file);
  }

it('every value that a file exports is named by another file', () => {
  const exported = /^export (?:async )?(?:const|function\*?|class) (\w+)/gm;
  const unused = sources
    .filter((file) => !isReadWhole(file))
    .flatMap((file) =>
      [...textOf(file).matchAll(exported)]
        .map(([, name]) => name!)
        .filter((name) => !loadedByFile.has(name) && usersOf.get(name)!.size < 2)
        .map((name) => `${file}: ${name}`),
    );
  expect(unused).toEqual([]);
});

it('every file of the program is loaded by another', () => {
  const loaded = new Set([...importsIn('src'), ...importsIn('test')].map(({ to }) => to));
  const built = filesIn('scripts', '.mjs').map(textOf).join('\n');
  const unused = sources.filter(
    (file) =>
      !isReadWhole(file) &&
      !file.endsWith('.d.ts') &&
      !loaded.has(file) &&
      !built.includes(file.replace(/^src\//, '')),
  );
  expect(unused).toEqual([]);
});
