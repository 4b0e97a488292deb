import { existsSync, realpathSync } from 'node:fs';
import os from 'node:os';
import { Failure } from '../../domain/failure.ts';

/** Whether files that something must start for months stay where they are: why not, and what to know of one that probably does. */
export interface PermanentPath {
  refused?: string;
  warnings: string[];
}

const slashed = (file: string) => file.replaceAll('\\', '/');

/** Folders whose contents their owners may delete at any time. */
const caches: readonly (readonly [RegExp, string])[] = [
  [/\/_npx\//, "npx's cache, which npm may empty"],
  [/\/dlx-[^/]+\/|\/pnpm\/dlx\//, 'the folder of one pnpm dlx or yarn dlx'],
  [/\/bunx-[^/]+\//, 'the folder of one bunx'],
  [/\/fnm_multishells\//, 'the folder of one shell, made by fnm'],
  [/\.zip\//, 'an archive of Yarn, which Node cannot open by itself'],
];

/** Nodes whose folder has their version in its name: it goes with the next version. */
const managers: readonly (readonly [RegExp, string])[] = [
  [/\/\.nvm\/versions\//, 'nvm'],
  [/\/fnm\/node-versions\//, 'fnm'],
  [/\/\.volta\/tools\//, 'Volta'],
  [/\/\.asdf\/installs\//, 'asdf'],
  [/\/mise\/installs\//, 'mise'],
  [/\/\.nodenv\/versions\//, 'nodenv'],
  [/\/n\/versions\/node\//, 'n'],
  [/\/Cellar\/node/, 'Homebrew'],
];

/**
 * Judges the absolute paths of a program: Node and the script, or one file. A clone of the repository in the folder for temporary files is
 * warned of; what a package manager has put there is refused.
 */
export function permanentPathOf(program: readonly string[], temporary = temporaryFolders()): PermanentPath {
  const files = program.map((file) => ({ file, text: slashed(file) }));
  const isTemporary = (text: string) => temporary.some((folder) => text.startsWith(`${slashed(folder)}/`));
  for (const { file, text } of files) {
    const cache = caches.find(([form]) => form.test(text));
    if (cache) return { refused: `${file} is in ${cache[1]}`, warnings: [] };
    if (isTemporary(text) && text.includes('/node_modules/'))
      return { refused: `${file} is in a folder for temporary files`, warnings: [] };
  }
  const warnings = files.flatMap(({ file, text }) => {
    if (isTemporary(text)) return [`${file} is in a folder for temporary files: it is gone after a restart`];
    const manager = managers.find(([form]) => form.test(text));
    return manager
      ? [
          `${file} belongs to ${manager[1]}: when that version of Node is removed nothing starts any more, and schedule install must be run again`,
        ]
      : [];
  });
  return { warnings };
}

/** @throws Failure refused for a program that will not stay where it is */
export function refuseTemporaryPath({ refused }: PermanentPath): void {
  if (refused === undefined) return;
  throw new Failure('refused', `${refused}: what is installed would stop to work`, {
    hint: 'npm install -g subctl, then run the same command with the subctl that is installed',
  });
}

/** Absolute paths that an installed text starts or goes to, in a crontab, a unit or the batch file of Windows. */
export function pathsStartedBy(text: string): string[] {
  const lines = text.split(/\r?\n/).filter((line) => !/^\s*(#|rem |set |if |exit |@)/.test(line));
  const commands = lines.flatMap((line) => {
    if (/^[A-Z][A-Za-z]+=/.test(line)) return /^ExecStart=[-@:+!]*(.*)$/.exec(line)?.[1] ?? [];
    return line.split(/ (?:>>?|\|\|) ?/)[0]!;
  });
  const words = commands.flatMap((line) => line.match(/(?:[^\s'"\\]|\\.|'[^']*'|"[^"]*")+/g) ?? []);
  const paths = words.map(unquoted).filter((word) => /^(\/|[A-Za-z]:\\)/.test(word));
  return [...new Set(paths)];
}

/** Those that are not there. */
export const missingOf = (texts: Iterable<string>): string[] => [
  ...new Set([...texts].flatMap(pathsStartedBy).filter((file) => !existsSync(file))),
];

function unquoted(word: string): string {
  const drive = /^"([A-Za-z]:\\[^"]*)"$/.exec(word)?.[1];
  if (drive !== undefined) return drive;
  const plain = word.replace(
    /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/g,
    (_, single?: string, double?: string, sign?: string) =>
      single ?? double?.replace(/\\(.)/g, '$1') ?? sign ?? '',
  );
  return plain.replaceAll('%%', '%').replaceAll('$$', '$');
}

function temporaryFolders(): string[] {
  const known = [os.tmpdir(), ...(process.platform === 'win32' ? [] : ['/tmp', '/var/tmp'])];
  const real = known.flatMap((folder) => (existsSync(folder) ? [realpathSync(folder)] : []));
  return [...new Set([...known, ...real])];
}
