import type { CommandSpec } from './command.ts';
import { commandHelp, nounHelp, programHelp } from './help.ts';
import { topics } from './topics.ts';

/** Every help page by the name of its golden file: `subctl.txt`, `plans.txt`, `plans-list.txt`, `help-formats.txt`. */
export function helpPages(table: readonly CommandSpec[]): Map<string, string> {
  const pages = new Map([['subctl.txt', programHelp(table)]]);
  for (const [topic, page] of Object.entries(topics)) pages.set(`help-${topic}.txt`, page());
  for (const spec of table) {
    const [noun, verb] = spec.path.split(' ') as [string, string?];
    if (verb) pages.set(`${noun}.txt`, nounHelp(table, noun));
    pages.set(`${spec.path.replaceAll(' ', '-')}.txt`, commandHelp(spec));
  }
  return pages;
}
