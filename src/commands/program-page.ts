import { programHelp } from './help.ts';
import { table } from './table.ts';

/** The page of `subctl --help`. The build writes it into the program, so that showing it loads no command. */
export const programPage = programHelp(table);
