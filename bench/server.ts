import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseDatabaseUrl } from '../src/database/address.ts';
import { type Connection, connectTo } from '../src/database/connect.ts';
import { withoutOwnSession } from '../src/database/own-session.ts';
import { embeddedAddress } from '../src/database/embedded/open.ts';
import { embeddedPaths } from '../src/database/embedded/embedded-paths.ts';
import { formatDatabaseUrl } from '../src/database/url.ts';

export const root = path.dirname(import.meta.dirname);
export const program = path.join(root, 'bin/subctl.js');

/** A server to measure; `stop` takes away what was made. */
export interface Server {
  env: NodeJS.ProcessEnv;
  home: string;
  /** the embedded one; else that of SUBCTL_BENCH_DATABASE_URL */
  embedded: boolean;
  /** the database that `subctl setup` has set up */
  main: string;
  /** runs the program; its standard output */
  subctl(args: string[], database?: string): string;
  url(database: string): string;
  connect(database?: string, max?: number): Connection;
  /** an empty database, or a copy of one that nobody is connected to */
  createDatabase(name: string, template?: string): Promise<void>;
  dropDatabase(name: string): Promise<void>;
  /** the environment of pgbench and psql */
  libpq: NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

/** The embedded server in a folder of its own, or databases of our own on the server of SUBCTL_BENCH_DATABASE_URL. */
export async function startServer(): Promise<Server> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'subctl-bench-'));
  fs.chmodSync(folder, 0o755);
  const home = path.join(folder, 'home');
  const { SUBCTL_BENCH_DATABASE_URL: given, ...inherited } = process.env;
  // reading certificates takes node 60 ms at every start: no part of what is measured
  delete inherited['NODE_EXTRA_CA_CERTS'];
  const env: NodeJS.ProcessEnv = { ...inherited, SUBCTL_HOME: home, DATABASE_URL: '' };
  const run = (args: string[], database?: string) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
      env: database === undefined ? env : { ...env, DATABASE_URL: url(database) },
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 1e9,
    });
    if (status !== 0) throw new Error(`subctl ${args.join(' ')} ended with ${status}: ${stderr}`);
    return stdout;
  };
  if (given === undefined) run(['setup', '--yes']);
  const address = given === undefined ? embeddedAddress(embeddedPaths(home)) : parseDatabaseUrl(given);
  const url = (database: string) => formatDatabaseUrl({ ...address, database }, { showPassword: true });
  const connect = (database: string, max = 4) => connectTo({ ...address, database }, max);
  const main = given === undefined ? address.database : 'subctl_bench';
  const made: string[] = [];
  const admin = async (statement: string) => {
    const sql = connect(given === undefined ? 'template1' : address.database, 1);
    await withoutOwnSession(sql).unsafe(statement);
    await sql.end();
  };
  const createDatabase = async (name: string, template = 'template0') => {
    await admin(`drop database if exists ${name}`);
    await admin(`create database ${name} template ${template}`);
    made.push(name);
  };
  if (given !== undefined) {
    await createDatabase(main);
    env['DATABASE_URL'] = url(main);
    run(['setup', '--yes']);
  }
  return {
    env,
    home,
    embedded: given === undefined,
    main,
    subctl: run,
    url,
    connect: (database = main, max) => connect(database, max),
    createDatabase,
    dropDatabase: (name) => admin(`drop database if exists ${name} with (force)`),
    libpq: {
      ...inherited,
      ...{ PGHOST: address.hosts[0], PGPORT: String(address.ports[0]), PGUSER: address.user },
      PGPASSWORD: address.password ?? '',
    },
    async stop() {
      if (given === undefined) spawnSync(process.execPath, [program, 'db', 'stop'], { env, cwd: '/' });
      else for (const name of made) await admin(`drop database if exists ${name} with (force)`);
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}
