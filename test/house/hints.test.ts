import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import type { CommandFacts } from '../../src/commands/describe.ts';
import { commands } from '../support/commands.ts';
import { faultsOfLines, flagsIn, flagsOf } from './command-lines.ts';
import { filesIn, textOf } from './sources.ts';

const everyFlag = new Set<string>([...commands.flatMap(flagsOf), '--version']);

/** Files whose dashes are options of initdb and pg_dump or properties of CSS. */
const ofOthers = /embedded\/cluster|backup\/(restore-)?dump|page-style|formats\/(charts|html)/;

/** Files of a command that put together lines of others. */
const ofAnyCommand = new Set(['src/commands/completion/complete-line.ts', 'src/commands/plans/load.ts']);

/** Every text of a file that may be read by a person, of a command without its definition where `work`; what is put into a template stands as `…`. */
function textsOf(file: string, only?: 'work'): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (only && ts.isVariableDeclaration(node) && node.name.getText() === 'command') return;
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) found.push(node.text);
    else if (ts.isTemplateExpression(node))
      found.push([node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('…'));
    node.forEachChild(visit);
  };
  visit(ts.createSourceFile(file, textOf(file), ts.ScriptTarget.Latest, true));
  return found;
}

/** The commands that a file's sentences are for: its own where it is a command's, else all of its folder. */
function commandsOf(file: string): CommandFacts[] {
  const folder = path.dirname(file);
  if (!folder.startsWith('src/commands/') || ofAnyCommand.has(file)) return [];
  const inFolder = declared.filter(([, one]) => path.dirname(one) === folder);
  const own = inFolder.filter(([, one]) => one === file);
  return (own.length > 0 ? own : inFolder).map(([spec]) => spec);
}

/** Each command with the file that the program loads for it: they stand there in the order of the commands. */
const groups = [...textOf('src/commands/program.ts').matchAll(/\.\.\.(\w+),/g)].map(([, name]) =>
  textOf(`src/commands/program/${name!.replace(/[A-Z]/g, (sign) => `-${sign.toLowerCase()}`)}.ts`),
);
const loaded = [...groups.join('').matchAll(/import\('\.\.\/([^']+)'\)/g)];
const declared = commands.map((spec, at): [CommandFacts, string] => [
  spec,
  `src/commands/${loaded[at]![1]!}`,
]);

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
        return textsOf(file, 'work')
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
