import type { CommandSpec } from '../command.ts';
import { commonOptions, globalOptions } from '../common-options.ts';

/** What may follow each beginning of a command line: '' (subctl itself), 'plans', 'plans list', and 'plans list --format' for values. */
export type Words = Map<string, string[]>;

/** The words of all commands in `table`, without the hidden ones. */
export function wordsOf(table: readonly CommandSpec[]): Words {
  const words: Words = new Map();
  const add = (beginning: string, ...following: string[]) =>
    words.set(beginning, [...new Set([...(words.get(beginning) ?? []), ...following])]);
  const globals = [...globalOptions.map(({ flag }) => flag), '--help'];
  add('', 'help');
  for (const spec of table) {
    if (spec.hidden) continue;
    const [noun, verb] = spec.path.split(' ') as [string, string?];
    add('', noun);
    if (verb) add(noun, verb);
    const options = [...(spec.options ?? []), ...commonOptions(spec)];
    add(spec.path, ...(spec.arguments?.[0]?.choices ?? []), ...options.map(({ flag }) => flag), ...globals);
    for (const { flag, choices } of options) if (choices) add(`${spec.path} ${flag}`, ...choices);
  }
  add('help', 'exit-codes', 'environment', 'formats', ...words.get('')!.filter((word) => word !== 'help'));
  add('', '--help', '--version');
  return words;
}
