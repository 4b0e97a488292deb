import type { Program } from './program-types.ts';
import { topics } from './topics.ts';

/**
 * The page of `subctl help [command | noun | topic] [--all]`.
 * @throws Failure usage for unknown words, with a suggestion
 */
export async function helpOn(argv: readonly string[], program?: Program): Promise<string> {
  const words = argv.filter((word) => !word.startsWith('-') || word === '--all');
  const topic = topics[words.join(' ')];
  if (topic) return topic();
  const { helpPage } = await import('./help-pages.ts');
  return helpPage(words, program ?? (await import('./program.ts')).program);
}
