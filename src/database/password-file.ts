import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';

/** Of whom a password is wanted: `host` is a name, an IP address or the folder of a socket. */
export interface Login {
  host: string;
  port: number;
  database: string;
  user: string;
}

/** What a password file says, or why it says nothing. */
export interface PasswordFile {
  file: string;
  /** for hints: the file is there and is not read */
  problem?: string;
  passwordOf(login: Login): string | undefined;
}

/** Folders of sockets that libpq is built with; in a password file they are `localhost`. */
const usualFolders = ['/tmp', '/var/run/postgresql', '/run/postgresql'];

/**
 * The password file of libpq: `named`, else PGPASSFILE, else ~/.pgpass (on Windows postgresql\pgpass.conf of APPDATA). A file that others
 * may read is not read, as libpq does not read it; undefined when there is none.
 */
export function openPasswordFile(
  named: string | undefined,
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): PasswordFile | undefined {
  const file = named || env['PGPASSFILE'] || usualFile(env, platform);
  if (!file) return undefined;
  const nothing = (problem: string) => ({ file, problem, passwordOf: () => undefined });
  try {
    const { mode } = statSync(file);
    if ((mode & 0o170000) !== 0o100000) return nothing('is not a plain file');
    if (platform !== 'win32' && mode & 0o077)
      return nothing('may be read by others: chmod 600 is what libpq asks for');
    const lines = readFileSync(file, 'utf8').split(/\r?\n/).flatMap(fieldsOf);
    return { file, passwordOf: (login) => find(lines, login) };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    return nothing(`cannot be read: ${message}`);
  }
}

/** The home folder as libpq takes it: HOME, else the account's. */
export function homeOf(env: NodeJS.ProcessEnv): string | undefined {
  return env['HOME'] || (env === process.env ? homedir() : undefined);
}

function usualFile(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string | undefined {
  if (platform === 'win32') return env['APPDATA'] && `${env['APPDATA']}\\postgresql\\pgpass.conf`;
  const home = homeOf(env);
  return home && `${home}/.pgpass`;
}

const field = String.raw`((?:\\.|[^\\:])*):`;
const entry = new RegExp(`^${field.repeat(4)}(.*)$`);

/** The four fields and the password of a line, still with their backslashes; nothing of a comment, or of a line that is none. */
function fieldsOf(line: string): [string[]] | [] {
  const found = line.startsWith('#') ? null : entry.exec(line);
  return found ? [found.slice(1)] : [];
}

function find(lines: readonly string[][], { host, port, database, user }: Login): string | undefined {
  const wanted = [usualFolders.includes(host) ? 'localhost' : host, String(port), database, user];
  const found = lines.find((fields) =>
    wanted.every((name, at) => fields[at] === '*' || plain(fields[at]!) === name),
  );
  return found && plain(found[4]!);
}

/** `\:` and `\\` stand for what follows the backslash. */
function plain(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}
