import { expect, it } from 'vitest';
import { filesIn, importsIn, textOf } from './sources.ts';

/** What each file of src imports at once. The builder is drizzle: with the table of a schema, too. */
const eager = new Map<string, string[]>();
for (const { from, to, typeOnly, lazy } of importsIn('src'))
  if (!typeOnly && !lazy) eager.set(from, [...(eager.get(from) ?? []), to]);

const isBuilder = (file: string) =>
  file === 'src/database/orm.ts' || file.startsWith('src/database/schema/') || loadsDrizzle(file);
const loadsDrizzle = (file: string) => /^import (?!type)[^;]*'drizzle-orm/m.test(textOf(file));

/** How a file comes to load the builder before it runs: the files on the way. */
function wayToBuilder(
  file: string,
  before: readonly string[] = [],
  seen = new Set<string>(),
): string[] | undefined {
  if (isBuilder(file)) return [...before, file];
  if (seen.has(file)) return undefined;
  seen.add(file);
  for (const to of eager.get(file) ?? []) {
    const way = wayToBuilder(to, [...before, file], seen);
    if (way) return way;
  }
  return undefined;
}

const commands = filesIn('src/commands', '.ts').filter((file) =>
  /^export const command\b/m.test(textOf(file)),
);
/** Beside those that declare that they write. */
const alsoWriting = ['src/commands/demo/demo.ts', 'src/commands/serve/serve.ts'];
const isWriting = (file: string) => /^ {2}writes: true,$/m.test(textOf(file));
const recording = filesIn('src/commands/usage', '.ts').filter((file) => commands.includes(file));

it('commands that only read, those of usage, and the library start without the builder', () => {
  const readers = commands.filter((file) => !isWriting(file) && !alsoWriting.includes(file));
  expect(readers.length).toBeGreaterThan(80);
  const loading = [...new Set([...readers, ...recording, 'src/library/subctl.ts', 'src/main.ts'])].flatMap(
    (file) => wayToBuilder(file)?.join(' > ') ?? [],
  );
  expect(
    loading,
    'put what writes into a file of its own, or import it where it is used: see src/README.md',
  ).toEqual([]);
});

it('the builder is found where it is used', () => {
  expect(wayToBuilder('src/commands/keys/remove.ts')).toEqual([
    'src/commands/keys/remove.ts',
    'src/keys/remove-key.ts',
  ]);
});
