import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll } from 'vitest';
import { createMasterKey } from '../../src/keys/master-key.ts';
import { type CliResult, subctl } from '../support/cli.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';

/** A database, a folder with a master key, and the program run in both. */
export interface KeyWorld {
  database: TestDatabase;
  folder: string;
  master: string;
  env: Record<string, string>;
  /** runs one command line; `stdin` is what it reads */
  run(line: string, stdin?: string, more?: Record<string, string>): Promise<CliResult>;
}

export const openaiKey = 'sk-proj-PLANTEDplanted0123456789PLANTED';
export const falKey = '0a1b2c3d-0000-4000-8000-0123456789ab:PLANTED0123456789abcdef';

export async function keyWorld(): Promise<KeyWorld> {
  const database = await testDatabase();
  const folder = temporaryFolder('subctl-keys-');
  afterAll(() => removeFolder(folder));
  const master = path.join(folder, 'master.key');
  writeFileSync(master, `${createMasterKey()}\n`, { mode: 0o600 });
  const env = { ...database.env, SUBCTL_MASTER_KEY_FILE: master };
  return {
    ...{ database, folder, master, env },
    run: (line, stdin = '', more = {}) =>
      subctl(line.split(' '), { env: { ...env, ...more }, cwd: folder, stdin }),
  };
}
