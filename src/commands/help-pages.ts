import { parse } from './parse.ts';
import { type Program, commandsOf } from './program-types.ts';
import { topics } from './topics.ts';

/** Every help page by the name of its golden file: `subctl.txt`, `plans.txt`, `plans-list.txt`, `help-formats.txt`. */
export async function helpPages(program: Program): Promise<Map<string, string>> {
  const pages = new Map<string, string>();
  const add = async (words: readonly string[]) => {
    const isAlsoACommand = words.length > 1 && words.join('-') in program; // stripe reconcile and stripe-reconcile
    const name = words.join(isAlsoACommand ? '.' : '-') || 'subctl';
    pages.set(`${name}.txt`, await helpPage(words, program));
  };
  await add([]);
  for (const [topic, page] of Object.entries(topics)) pages.set(`help-${topic}.txt`, page());
  for (const [name, noun] of Object.entries(program)) if ('verbs' in noun) await add([name]);
  for (const [path] of commandsOf(program)) await add(path.split(' '));
  return pages;
}

/**
 * The page of `subctl <words> --help`.
 * @throws Failure usage for words that are no command, naming the nearest
 */
export async function helpPage(words: readonly string[], program: Program): Promise<string> {
  const parsed = await parse([...words, '--help'], program);
  return parsed.wants === 'command' ? '' : parsed.text;
}
