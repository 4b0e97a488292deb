import type { CommandFacts } from '../../src/commands/describe.ts';
import { describeAll } from '../../src/commands/describe-all.ts';
import { program } from '../../src/commands/program.ts';

/** Every command of the program, as data. */
export const commands: readonly CommandFacts[] = await describeAll(program);
