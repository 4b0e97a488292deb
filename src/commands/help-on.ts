import { Failure } from '../domain/failure.ts';
import { nearest } from '../domain/nearest.ts';
import type { CommandSpec } from './command.ts';
import { commandHelp, nounHelp, programHelp } from './help.ts';
import { topics } from './topics.ts';

/**
 * The page of `subctl help [command | noun | topic]`.
 * @throws Failure usage for words that are none of them, naming the nearest
 */
export function helpOn(argv: readonly string[], table: readonly CommandSpec[]): string {
  const words = argv.filter((word) => !word.startsWith('-')).join(' ');
  if (words === '') return programHelp(table);
  const topic = topics[words];
  if (topic) return topic();
  const spec = table.find(({ path }) => path === words);
  if (spec) return commandHelp(spec);
  if (table.some(({ path }) => path.startsWith(`${words} `))) return nounHelp(table, words);
  const known = [...Object.keys(topics), ...table.flatMap(({ path }) => [path, path.split(' ')[0]!])];
  const near = nearest(words, [...new Set(known)]);
  throw new Failure('usage', `There is no help on '${words}'`, {
    hint: near ? `Did you mean: subctl help ${near}` : 'See: subctl --help',
  });
}
