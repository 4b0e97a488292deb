import { parse } from './parse.ts';
import { type Program, commandsOf } from './program-types.ts';
import { topics } from './topics.ts';

/** The help page of each command and noun by file name: `subctl.txt`, `plans.txt`, `plans.list.txt`. */
export async function commandPages(program: Program): Promise<Map<string, string>> {
  const nouns = Object.entries(program).flatMap(([name, noun]) => ('verbs' in noun ? [name] : []));
  const pages = new Map([['subctl.txt', await helpPage([], program)]]);
  for (const words of [...nouns, ...commandsOf(program).map(([path]) => path)]) {
    const each = words.split(' ');
    pages.set(`${each.join('.')}.txt`, await helpPage(each, program));
  }
  return pages;
}

/** Those pages and the pages of the topics: `help-formats.txt`. */
export async function helpPages(program: Program): Promise<Map<string, string>> {
  const ofTopics = Object.entries(topics).map(([topic, page]): [string, string] => [
    `help-${topic}.txt`,
    page(),
  ]);
  return new Map([...(await commandPages(program)), ...ofTopics]);
}

/**
 * The page of `subctl <words> --help`.
 * @throws Failure usage for an unknown command, with a suggestion
 */
export async function helpPage(words: readonly string[], program: Program): Promise<string> {
  const parsed = await parse([...words, '--help'], program);
  return parsed.wants === 'command' ? '' : parsed.text;
}
