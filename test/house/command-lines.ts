import type { CommandFacts } from '../../src/commands/describe.ts';
import { commands } from '../support/commands.ts';

export const byPath = new Map(commands.map((spec) => [spec.path, spec]));
const nouns = new Set(commands.map(({ path }) => path.split(' ')[0]!));
export const flagsOf = (spec: CommandFacts) => [
  ...[...spec.options, ...spec.common].map(({ flag }) => flag),
  '--help',
];

/** Words after `subctl` where it is spoken of and not typed. */
const prose = /^(as|by|counts|does|embedded|has|help|is|mirrors|needs|neither|runs|that|without)$/;

/** What is wrong with the command lines of a text: `subctl plans list --all`, as far as the sentence goes. */
export function faultsOfLines(text: string): string[] {
  const lines = [...text.matchAll(/(?<![\w./-])subctl ([a-z][a-z-]*)((?: [^\s,;:)'"`]+)*)/g)];
  return lines.flatMap(([line, first = '', rest = '']) => {
    const command = byPath.get(`${first} ${rest.trim().split(' ')[0]}`) ?? byPath.get(first);
    const flags = flagsIn(rest);
    if (command) {
      const known: string[] = flagsOf(command);
      return flags.filter((flag) => !known.includes(flag)).map((flag) => `${line}: there is no ${flag}`);
    }
    return prose.test(first) || (nouns.has(first) && flags.length === 0) ? [] : [`${line}: no command`];
  });
}

/** `--json` of a text, but not the beginning of one that is put together, as `--no-` is. */
export const flagsIn = (text: string) => text.match(/(?<![\w-])--[a-z][a-z-]*[a-z](?![\w-])/g) ?? [];
