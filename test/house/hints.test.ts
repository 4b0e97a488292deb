import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { commonOptions, globalOptions } from '../../src/commands/common-options.ts';
import type { CommandSpec } from '../../src/commands/command.ts';
import { table } from '../../src/commands/table.ts';
import { filesIn, textOf } from './sources.ts';

const byPath = new Map(table.map((spec) => [spec.path, spec]));
const nouns = new Set(table.map(({ path }) => path.split(' ')[0]!));
const flagsOf = (spec: CommandSpec) => [
  ...[...(spec.options ?? []), ...commonOptions(spec), ...globalOptions].map(({ flag }) => flag),
  '--help',
];
const everyFlag = new Set<string>([...table.flatMap(flagsOf), '--version']);

/** Files whose dashes are options of initdb and pg_dump or properties of CSS. */
const ofOthers = /embedded\/cluster|backup\/(restore-)?dump|page-style|formats\/(charts|html)/;

/** Files of a command that put together lines of others. */
const ofAnyCommand = new Set(['src/commands/completion/words.ts', 'src/commands/plans/load.ts']);

/** Words after `subctl` where it is spoken of and not typed. */
const prose = /^(as|by|counts|does|embedded|has|help|is|mirrors|needs|neither|runs|that|without)$/;

/** Every text of a file that may be read by a person; what is put into a template stands as `…`. */
function textsOf(file: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) found.push(node.text);
    else if (ts.isTemplateExpression(node))
      found.push([node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('…'));
    node.forEachChild(visit);
  };
  visit(ts.createSourceFile(file, textOf(file), ts.ScriptTarget.Latest, true));
  return found;
}

/** What is wrong with the command lines of a text: `subctl plans list --all`, as far as the sentence goes. */
function faultsOfLines(text: string): string[] {
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
const flagsIn = (text: string) => text.match(/(?<![\w-])--[a-z][a-z-]*[a-z](?![\w-])/g) ?? [];

/** The commands that a file's sentences are for: its own where it is a command's, else all of its folder. */
function commandsOf(file: string): CommandSpec[] {
  const folder = path.dirname(file);
  if (!folder.startsWith('src/commands/') || file.endsWith('spec.ts') || ofAnyCommand.has(file)) return [];
  const declared = filesIn(folder, 'spec.ts').flatMap((spec) => [
    ...textOf(spec).matchAll(/\bpath: '([^']+)'(?:(?!\bpath: ')[\s\S])*?import\('\.\/([\w-]+\.ts)'\)/g),
  ]);
  const own = declared.filter(([, , loaded]) => loaded === path.basename(file));
  return (own.length > 0 ? own : declared).flatMap(([, name]) => byPath.get(name!) ?? []);
}

const sources = filesIn('src', '.ts');

describe('H20: what a hint names exists', () => {
  it('H20: each command line in a text is a command with the flags that it is given', () => {
    const faults = sources.flatMap((file) =>
      textsOf(file).flatMap((text) => faultsOfLines(text).map((fault) => `${file}: ${fault}`)),
    );
    expect(faults).toEqual([]);
  });

  it('H20: each flag in a sentence of a command is an option of that command', () => {
    const faults = sources
      .filter((file) => !ofOthers.test(file))
      .flatMap((file) => {
        const commands = commandsOf(file);
        const known = commands.length > 0 ? new Set<string>(commands.flatMap(flagsOf)) : everyFlag;
        return textsOf(file)
          .flatMap((text) => flagsIn(text.replace(/subctl [^,;:]*/g, '')))
          .filter((flag) => !known.has(flag))
          .map((flag) => `${file}: ${flag}`);
      });
    expect(faults).toEqual([]);
  });

  it('H20: what is looked for is found', () => {
    expect(faultsOfLines('Give another one: subctl serve --no-listen')).toHaveLength(1);
    expect(faultsOfLines('See: subctl plan list')).toHaveLength(1);
    expect(faultsOfLines('See: subctl plans list --all --json, or nothing')).toEqual([]);
    expect(commandsOf('src/commands/db/url.ts').map((spec) => spec.path)).toEqual(['db url']);
  });
});
