import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type Connection, connectTo } from '../src/database/connect.ts';
import { withoutOwnSession } from '../src/database/own-session.ts';
import { embeddedAddress } from '../src/database/embedded/open.ts';
import { placeOf } from '../src/database/embedded/place.ts';

export const root = path.dirname(import.meta.dirname);
export const program = path.join(root, 'bin/subctl.js');

/** An embedded server in a folder of its own, made by `subctl setup`; `stop` takes it away with everything in it. */
export interface Server {
  env: NodeJS.ProcessEnv;
  home: string;
  /** runs the program; its standard output */
  subctl(args: string[], database?: string): string;
  url(database: string): string;
  connect(database?: string, max?: number): Connection;
  /** an empty database, or a copy of one that nobody is connected to */
  createDatabase(name: string, template?: string): Promise<void>;
  /** the environment of pgbench and psql */
  libpq: NodeJS.ProcessEnv;
  stop(): void;
}

export function startServer(): Server {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'subctl-bench-'));
  fs.chmodSync(folder, 0o755);
  const home = path.join(folder, 'home');
  const env = { ...process.env, SUBCTL_HOME: home, DATABASE_URL: '' };
  const subctl = (args: string[], database?: string) => {
    const given = database === undefined ? env : { ...env, DATABASE_URL: url(database) };
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
      env: given,
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 1e9,
    });
    if (status !== 0) throw new Error(`subctl ${args.join(' ')} ended with ${status}: ${stderr}`);
    return stdout;
  };
  subctl(['setup', '--yes']);
  const address = embeddedAddress(placeOf(home));
  const url = (database: string) =>
    `postgres://${address.user}:${encodeURIComponent(address.password!)}@/${database}?host=${encodeURIComponent(address.hosts[0]!)}`;
  const connect = (database = address.database, max = 4) => connectTo({ ...address, database }, max);
  return {
    env,
    home,
    subctl,
    url,
    connect,
    async createDatabase(name, template = 'template1') {
      const admin = connect('template1', 1);
      await withoutOwnSession(admin).unsafe(
        `create database ${name} template ${template === 'template1' ? 'template0' : template}`,
      );
      await admin.end();
    },
    libpq: { ...process.env, PGHOST: address.hosts[0], PGUSER: address.user, PGPASSWORD: address.password },
    stop() {
      spawnSync(process.execPath, [program, 'db', 'stop'], { env, cwd: '/' });
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}
