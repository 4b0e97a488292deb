import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');

/** The files of a folder of the repository with one of the endings, as paths from the root. */
export function filesIn(folder: string, ...endings: string[]): string[] {
  const names = readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' });
  const paths = names.map((name) => `${folder}/${name.replaceAll(path.sep, '/')}`);
  return paths.filter((name) => endings.some((ending) => name.endsWith(ending))).sort();
}

export function textOf(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}

export interface Import {
  from: string;
  to: string;
  /** vanishes when it is compiled */
  typeOnly: boolean;
  /** waits until it is called */
  lazy: boolean;
}

/** What the TypeScript files under `folder` import from one another. */
export function importsIn(folder: string): Import[] {
  return filesIn(folder, '.ts').flatMap((from) => {
    const text = withoutComments(textOf(from));
    const plain = [
      ...text.matchAll(/^(?:import|export)\s(type\s)?([^;'"]*?from\s*)?['"](\.[^'"]+)['"]/gm),
    ].map((found) => ({
      typeOnly: found[1] !== undefined || onlyTypes(found[2] ?? ''),
      target: found[3]!,
      lazy: false,
    }));
    const lazy = [...text.matchAll(/\bimport\(\s*['"](\.[^'"]+)['"]/g)].map(([, target]) => ({
      typeOnly: false,
      target: target!,
      lazy: true,
    }));
    return [...plain, ...lazy].map(({ target, ...rest }) => ({
      from,
      to: path.posix.join(path.posix.dirname(from), target),
      ...rest,
    }));
  });
}

function onlyTypes(clause: string): boolean {
  const names = /\{([^}]*)\}/
    .exec(clause)?.[1]
    ?.split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  return (
    names !== undefined &&
    names.length > 0 &&
    !/^\s*\w+\s*,/.test(clause) &&
    names.every((name) => name.startsWith('type '))
  );
}

/** The text with comments blanked out, lines kept, so that line numbers still hold. */
export function withoutComments(text: string): string {
  const blank = (found: string) => found.replace(/[^\n]/g, ' ');
  return text.replace(/\/\*[\s\S]*?\*\//g, blank).replace(/(^|[\s;{(,])\/\/[^\n]*/g, blank);
}

/** `file:line` of everything in `file` that `pattern` finds outside comments. */
export function findIn(file: string, pattern: RegExp): string[] {
  const lines = withoutComments(textOf(file)).split('\n');
  return lines.flatMap((line, at) => (pattern.test(line) ? [`${file}:${at + 1}  ${line.trim()}`] : []));
}
