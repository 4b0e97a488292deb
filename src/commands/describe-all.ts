import { type CommandFacts, describeCommand } from './describe.ts';
import { type Program, commandsOf } from './program-types.ts';

/** Describes every command of the program; loads all command files. */
export function describeAll(program: Program): Promise<CommandFacts[]> {
  return Promise.all(
    commandsOf(program).map(async ([path, { summary, load }]) =>
      describeCommand(path, summary, (await load()).command),
    ),
  );
}
