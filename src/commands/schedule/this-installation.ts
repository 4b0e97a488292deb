import { realpathSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { packageRoot } from '../../config/package-root.ts';
import type { Installation } from '../../timetable/installation.ts';
import type { Context } from '../context.ts';

/** This installation: its paths, the database it uses now, and where that is said. */
export async function thisInstallation(context: Context, account: string | undefined): Promise<Installation> {
  const { database } = await context.settings();
  const program = [realpathSync(process.execPath), path.join(packageRoot(), 'bin', 'subctl.js')];
  if (database.url === undefined) {
    const environment = { SUBCTL_DATABASE: 'embedded', SUBCTL_HOME: database.home };
    return {
      program,
      environment,
      needsUrl: false,
      home: database.home,
      account: account ?? os.userInfo().username,
    };
  }
  const source = database.urlSource ?? '';
  const pinned = { SUBCTL_DATABASE: 'external', ...namedFile(source, context) };
  const isInFile = / in \.env$/.test(source) || /\.ya?ml$/.test(source);
  const needsUrl = !isInFile && !/_FILE$/.test(source);
  return {
    program,
    environment: pinned,
    needsUrl,
    account: account ?? 'subctl',
    folder: isInFile ? context.cwd : undefined,
  };
}

/** A file that holds the secret, or the settings, by its absolute path. */
function namedFile(source: string, { env, cwd }: Context): Record<string, string> {
  const names = ['SUBCTL_CONFIG', ...(/_FILE$/.test(source) ? [source] : [])];
  const given = names.flatMap((name) => (env[name] ? [[name, path.resolve(cwd, env[name])] as const] : []));
  return Object.fromEntries(given);
}
