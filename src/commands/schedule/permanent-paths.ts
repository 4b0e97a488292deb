import { existsSync, realpathSync } from 'node:fs';
import os from 'node:os';
import { Failure } from '../../domain/failure.ts';

/** Whether the files of the program stay where they are: the reason if not, and warnings if that is uncertain. */
export interface PermanentPath {
  refused?: string;
  warnings: string[];
}

const slashed = (file: string) => file.replaceAll('\\', '/');

/** Folders whose contents can be deleted at any time. */
const caches: readonly (readonly [RegExp, string])[] = [
  [/\/_npx\//, "npx's cache, which npm can delete"],
  [/\/dlx-[^/]+\/|\/pnpm\/dlx\//, 'a temporary folder of pnpm dlx or yarn dlx'],
  [/\/bunx-[^/]+\//, 'a temporary folder of bunx'],
  [/\/fnm_multishells\//, 'a folder of fnm that belongs to one shell'],
  [/\.zip\//, 'a Yarn archive, which Node cannot open by itself'],
];

/** Version managers that put the Node version into the path: the path is removed with that version. */
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
 * Checks the absolute paths of a program: Node and the script, or one file. A clone of the repository in a temporary folder gives a
 * warning; a package manager's copy in a temporary folder is refused.
 */
export function permanentPathOf(program: readonly string[], temporary = temporaryFolders()): PermanentPath {
  const files = program.map((file) => ({ file, text: slashed(file) }));
  const isTemporary = (text: string) => temporary.some((folder) => text.startsWith(`${slashed(folder)}/`));
  for (const { file, text } of files) {
    const cache = caches.find(([form]) => form.test(text));
    if (cache) return { refused: `${file} is in ${cache[1]}`, warnings: [] };
    if (isTemporary(text) && text.includes('/node_modules/'))
      return { refused: `${file} is in a temporary folder`, warnings: [] };
  }
  const warnings = files.flatMap(({ file, text }) => {
    if (isTemporary(text)) return [`${file} is in a temporary folder, which is deleted on restart`];
    const manager = managers.find(([form]) => form.test(text));
    return manager
      ? [
          `${file} belongs to ${manager[1]}: after that Node version is removed no task starts until you run schedule install again`,
        ]
      : [];
  });
  return { warnings };
}

/** @throws Failure refused for a program in a folder that can be deleted */
export function refuseTemporaryPath({ refused }: PermanentPath): void {
  if (refused === undefined) return;
  throw new Failure('refused', `${refused}: the installed tasks would stop working`, {
    hint: 'run npm install -g subctl, then run the same command with the installed subctl',
  });
}

/** Absolute paths that an installed crontab, unit or Windows batch file starts or changes to. */
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

/** Returns the started paths that do not exist. */
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
