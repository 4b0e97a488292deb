import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import { parseDatabaseUrl } from '../../src/database/address.ts';
import { removeFolder, temporaryFolder } from './test-server.ts';

const file = '/usr/sbin/pgbouncer';

/** Whether Debian's PgBouncer is installed; `.ci/run` does it. */
export const hasPgBouncer = fs.existsSync(file);

/**
 * A PgBouncer in transaction mode before the server of `url`, with fewer connections than its clients have, so that what a session was
 * told is lost, or found by somebody else.
 */
export async function startPgBouncer(
  url: string,
): Promise<{ url: string; log: () => string; stop(): Promise<void> }> {
  const { hosts, ports, user, password = '', database } = parseDatabaseUrl(url);
  const folder = temporaryFolder('subctl-pgbouncer-');
  const server = `host=${hosts[0]} port=${ports[0]} dbname=${database} user=${user} password='${password.replaceAll("'", "''")}'`;
  const settings = [
    ['[databases]'],
    [`bounced = ${server}`],
    ['[pgbouncer]'],
    ['listen_addr ='],
    ['listen_port = 6432'],
    [`unix_socket_dir = ${folder}`],
    ['auth_type = any'],
    ['pool_mode = transaction'],
    ['default_pool_size = 3'],
    ['max_client_conn = 100'],
    ['server_reset_query_always = 0'],
  ];
  const config = path.join(folder, 'pgbouncer.ini');
  fs.writeFileSync(config, `${settings.join('\n')}\n`);
  // it refuses to run as root, and must be able to enter the server's socket folder
  const owner = hosts[0]!.startsWith('/') ? fs.statSync(hosts[0]!) : fs.statSync(folder);
  const account =
    process.getuid?.() === 0 ? { uid: owner.uid || 65_534, gid: owner.gid || 65_534 } : undefined;
  if (account) [folder, config].forEach((each) => fs.chownSync(each, account.uid, account.gid));
  const child = spawn(file, [config], { ...account, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => (log += data.toString()));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const socket = path.join(folder, '.s.PGSQL.6432');
  for (let round = 0; round < 500 && !fs.existsSync(socket); round++) {
    if (child.exitCode !== null) throw new Error(`pgbouncer ended with ${child.exitCode}: ${log}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    url: `postgres://${user}@/bounced?host=${folder}&port=6432`,
    log: () => log,
    async stop() {
      child.kill('SIGTERM');
      child.kill('SIGQUIT');
      await ended;
      removeFolder(folder);
    },
  };
}
