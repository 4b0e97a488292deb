import type { CommandFacts } from '../describe.ts';

/** What may follow each beginning of a command line: '' (subctl itself), 'plans', 'plans list', and 'plans list --format' for values. */
export type Words = Map<string, string[]>;

/** The words of all commands in `table`. */
export function wordsOf(table: readonly CommandFacts[]): Words {
  const words: Words = new Map();
  const add = (beginning: string, ...following: string[]) =>
    words.set(beginning, [...new Set([...(words.get(beginning) ?? []), ...following])]);
  add('', 'help');
  for (const spec of table) {
    const [noun, verb] = spec.path.split(' ') as [string, string?];
    add('', noun);
    if (verb) add(noun, verb);
    const options = [...spec.options, ...spec.common];
    add(spec.path, ...(spec.arguments[0]?.choices ?? []), ...options.map(({ flag }) => flag), '--help');
    for (const { flag, choices } of options) if (choices) add(`${spec.path} ${flag}`, ...choices);
  }
  add('help', 'exit-codes', 'environment', 'formats', ...words.get('')!.filter((word) => word !== 'help'));
  add('', '--help', '--version');
  return words;
}
