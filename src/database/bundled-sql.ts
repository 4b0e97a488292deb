import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, join, sep } from 'node:path';

/** Where the SQL files are (drizzle/ of the package) and which version of subctl brings them. */
export interface Program {
  folder: string;
  program: string;
}

/** One SQL file of the program: `name` without its folder and ending, `checksum` of its text with plain line ends. */
export interface SqlFile {
  name: string;
  /** from the folder of all of them, without its ending: `engine/time/period_at` */
  path: string;
  text: string;
  checksum: string;
}

/** What this program brings to a database: numbered migrations, and the present text of each function and view. */
export interface BundledSql {
  migrations: SqlFile[];
  functions: SqlFile[];
}

/**
 * The oldest program that still works on a database that this one has set up. Raise it to the version about to be released when a
 * migration or function takes something away that older programs use; adding a table or a column with a default does not.
 */
export const oldestProgram = '0.1.0';

/** Which schema and functions a program works with. A process keeps what it read when it began: an update may replace the files under it. */
export interface Build {
  program: string;
  /** the schema that it knows */
  version: number;
  /** of the text of its functions and views */
  digest: string;
}

/** Reads which build this program is. */
export function readBuild({ folder, program }: Program): Build {
  return { program, version: bundledVersion(folder), digest: bundledDigest(folder) };
}

/** Reads `folder` (drizzle/) whole. */
export function readBundledSql(folder: string): BundledSql {
  return {
    migrations: migrationNames(folder).map((name) => readSql(folder, name)),
    functions: engineFiles(folder).map((path) => readSql(folder, path)),
  };
}

/** The number of the last migration in `folder`, counted from one: which schema this program knows. Reads no file. */
function bundledVersion(folder: string): number {
  return schemaVersion(migrationNames(folder));
}

/** `0000_schema` is version 1; no migration at all is 0. */
export function schemaVersion(names: readonly string[]): number {
  return names.reduce((most, name) => Math.max(most, Number(name.slice(0, 4)) + 1), 0);
}

/** One checksum for the text of all functions and views. */
export function functionsDigest(functions: readonly SqlFile[]): string {
  return sha256(functions.map(({ name, checksum }) => `${name} ${checksum}\n`).join(''));
}

/**
 * `functionsDigest` of the functions in `folder`, without reading them: the build wrote it into dist/. In a clone one of them may be younger
 * than what the build wrote, or there is no build: then they are read. An installed package has no sources, and nothing in it changes.
 */
function bundledDigest(folder: string): string {
  const written = join(folder, '../dist/functions-digest.txt');
  try {
    if (!existsSync(join(folder, '../src')) || isYoungest(written, join(folder, 'engine')))
      return readFileSync(written, 'utf8').trim();
  } catch {
    // there is no build
  }
  return functionsDigest(readBundledSql(folder).functions);
}

function isYoungest(written: string, engine: string): boolean {
  const { mtimeMs } = statSync(written);
  const files = readdirSync(engine, { recursive: true, encoding: 'utf8' }).map((file) => join(engine, file));
  return [engine, ...files].every((file) => statSync(file).mtimeMs <= mtimeMs);
}

/** The SQL files of `engine/` by the names of what they make, wherever in it they are. */
function engineFiles(folder: string): string[] {
  return sqlNames(join(folder, 'engine'), true)
    .map((path) => `engine/${path.replaceAll(sep, '/')}`)
    .toSorted((a, b) => (basename(a) < basename(b) ? -1 : 1));
}

function migrationNames(folder: string): string[] {
  return sqlNames(folder).filter((name) => /^\d{4}_/.test(name));
}

function sqlNames(folder: string, recursive = false): string[] {
  return readdirSync(folder, { recursive, encoding: 'utf8' })
    .filter((file) => file.endsWith('.sql'))
    .map((file) => file.slice(0, -'.sql'.length))
    .sort();
}

function readSql(folder: string, path: string): SqlFile {
  const text = readFileSync(join(folder, `${path}.sql`), 'utf8').replaceAll('\r\n', '\n');
  return { name: basename(path), path, text, checksum: sha256(text) };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
