import { existsSync, readFileSync } from 'node:fs';
import { homeOf } from './password-file.ts';
import { refused } from './url-values.ts';

/** Where Debian's libpq looks for the services of a whole machine. */
const systemFolder = '/etc/postgresql-common';

/**
 * The parameters of the service `name`, as libpq finds them: in `file` or PGSERVICEFILE or ~/.pg_service.conf, else in pg_service.conf of
 * PGSYSCONFDIR. Values are taken as they are, without quotes.
 * @throws Failure config when no file has the service, or a line is none of libpq's
 */
export function readService(
  name: string,
  file: string | undefined,
  env: NodeJS.ProcessEnv,
): ReadonlyMap<string, string> {
  const named = file || env['PGSERVICEFILE'];
  if (named && !existsSync(named)) throw refused(`the service file ${named} does not exist`);
  const home = homeOf(env);
  const files = [
    named || (home && `${home}/.pg_service.conf`),
    `${env['PGSYSCONFDIR'] || systemFolder}/pg_service.conf`,
  ].filter((one): one is string => Boolean(one));
  for (const one of files) {
    const found = existsSync(one) ? parametersOf(name, one) : undefined;
    if (found) return found;
  }
  throw refused(`there is no service '${name}' in ${files.join(' or ')}`);
}

function parametersOf(name: string, file: string): Map<string, string> | undefined {
  let found: Map<string, string> | undefined;
  for (const [at, line] of linesOf(file).entries()) {
    if (line === '' || line.startsWith('#')) continue;
    const section = /^\[(.*)\]/.exec(line)?.[1];
    if (section !== undefined && found) return found;
    if (section === name) found = new Map();
    if (section !== undefined || !found) continue;
    const [, key, value] = /^([^=]+)=(.*)$/.exec(line) ?? [];
    if (key === undefined) throw refused(`line ${at + 1} of the service file ${file} is not name=value`);
    if (key === 'service' || key === 'servicefile')
      throw refused(`line ${at + 1} of the service file ${file} names another service`);
    if (!found.has(key)) found.set(key, value!);
  }
  return found;
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.trim());
  } catch (error) {
    throw refused(`the service file ${file} cannot be read: ${(error as Error).message}`);
  }
}
