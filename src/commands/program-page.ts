import { helpPage } from './help-pages.ts';
import { program } from './program.ts';

/** The page of `subctl --help`. The build writes it into the program, so that showing it loads no command and no library. */
export function programPage(): Promise<string> {
  return helpPage([], program);
}
