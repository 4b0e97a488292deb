import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { startApi } from '../http/api/world.ts';
import { root } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, loadLadder } from '../support/plans.ts';

const { sql, url } = await testDatabase();
const api = await startApi(sql);
const folder = path.join(root, 'examples');
const debianGo = '/usr/share/gocode';

interface Language {
  /** beside its interpreter: a command that succeeds where it is there */
  needs: string[];
  run: string[];
  env?: Record<string, string>;
  says: string;
}

const languages: Record<string, Language> = {
  python: {
    needs: ['python3', '-c', 'import psycopg'],
    run: ['python3', 'meter.py'],
    says: 'python3 with psycopg: pip install "psycopg[binary]"',
  },
  go: {
    needs: ['go', 'list', 'github.com/lib/pq'],
    run: ['go', 'run', 'main.go'],
    // Debian's packages of Go libraries are laid out for a GOPATH
    env: existsSync(debianGo) ? { GO111MODULE: 'off', GOPATH: debianGo, GOFLAGS: '' } : {},
    says: 'Go with lib/pq (Debian: apt-get install golang-go golang-github-lib-pq-dev)',
  },
  sql: {
    needs: ['psql', '--version'],
    run: ['psql', '-X', url, '-v', 'customer=', '-f', 'meter.sql'],
    says: 'psql',
  },
  typescript: {
    needs: ['node', '--version'],
    run: ['node', '--import', 'tsx', 'meter.ts'],
    says: 'node',
  },
  curl: { needs: ['curl', '--version'], run: ['sh', 'meter.sh'], says: 'curl' },
};

const has = ({ needs: [program, ...args], env }: Language, cwd: string) =>
  spawnSync(program!, args, { cwd, env: { ...process.env, ...env }, stdio: 'ignore' }).status === 0;

beforeAll(async () => {
  await loadLadder(sql);
});

describe('W18 the examples meter, send again, are refused and show usage, all alike', () => {
  for (const [name, language] of Object.entries(languages)) {
    const cwd = path.join(folder, name);
    const isRunnable = has(language, cwd);
    test.skipIf(!isRunnable)(`${name}, where there is ${language.says}`, () => meter(name, language, cwd));
  }

  async function meter(name: string, language: Language, cwd: string): Promise<void> {
    const customer = `ada-${name}`;
    await addOne(sql, { id: customer });
    const [program, ...args] = language.run.map((word) =>
      word === 'customer=' ? `customer=${customer}` : word,
    );
    const { status, stdout, stderr } = await finish(
      program!,
      [...args, ...(name === 'sql' ? [] : [customer])],
      {
        cwd,
        env: {
          ...process.env,
          ...language.env,
          DATABASE_URL: url,
          SUBCTL_URL: api.url,
          SUBCTL_TOKEN: await api.token(),
        },
      },
    );
    expect({ status, stderr, stdout }).toEqual({
      status: 0,
      stderr: '',
      stdout: [
        'allowed: yes',
        'recorded: yes - sent again: the same',
        'refused: limit_reached: images per day: 3 used of 3, 1 asked',
        'used: images per day: 3 of 3',
        'used: messages per month: 0 of 5',
        '',
      ].join('\n'),
    });
    const [row] =
      await sql`select count(*)::int as n from subctl.usage_events where customer_id = ${customer}`;
    expect(row!.n).toBe(3);
  }
});

/** Runs a program while this process goes on: the API that it asks is here. */
function finish(program: string, args: string[], options: { cwd: string; env: NodeJS.ProcessEnv }) {
  return new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const said = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
    child.once('error', reject).once('close', (status) => resolve({ status, ...said }));
  });
}
