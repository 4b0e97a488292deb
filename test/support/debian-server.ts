import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import { accountOf } from '../../src/database/embedded/account.ts';
import { embeddedPaths } from '../../src/database/embedded/embedded-paths.ts';
import { asAccount, cleanEnvironment } from '../../src/database/embedded/run-as.ts';
import { removeFolder, temporaryFolder } from './test-server.ts';

const programs = '/usr/lib/postgresql/15/bin';

/** Whether Debian's PostgreSQL 15, the oldest that subctl supports, is installed. */
export const hasPostgres15 = fs.existsSync(path.join(programs, 'postgres'));

/** Starts a PostgreSQL 15 with nothing in it, in a new folder. */
export function startPostgres15(): { url: string; stop: () => void } {
  const folder = temporaryFolder('subctl-pg15-');
  const data = path.join(folder, 'data');
  const account = accountOf(embeddedPaths(folder));
  fs.mkdirSync(data, { mode: 0o700 });
  if (account) [folder, data].forEach((one) => fs.chownSync(one, account.uid, account.gid));
  const run = (program: string, args: string[]) => {
    const options = { ...asAccount(account), env: cleanEnvironment, cwd: '/', stdio: 'ignore' as const };
    const { status } = spawnSync(path.join(programs, program), args, options);
    if (status !== 0) throw new Error(`${program} ended with ${status}; see ${folder}/log`);
  };
  const settings = `-c listen_addresses= -c unix_socket_directories=${folder} -c fsync=off`;
  run('initdb', ['-D', data, '-U', 'subctl', '--auth=trust', '-E', 'UTF8', '--locale=C', '--no-sync']);
  run('pg_ctl', ['start', '-w', '-D', data, '-l', path.join(folder, 'log'), '-o', settings]);
  return {
    url: `postgres://subctl@/postgres?host=${folder}`,
    stop() {
      run('pg_ctl', ['stop', '-w', '-m', 'immediate', '-D', data]);
      removeFolder(folder);
    },
  };
}
