import { spawn, spawnSync } from 'node:child_process';
import { Failure } from '../domain/failure.ts';

type Environment = Record<string, string | undefined>;

/** A client program of PostgreSQL on the PATH. */
export interface Client {
  program: 'pg_dump' | 'pg_restore';
  version: string;
  major: number;
}

/** The program on the PATH of `env`; undefined where there is none that runs. */
export function findClient(program: Client['program'], env: Environment): Client | undefined {
  const { status, stdout } = spawnSync(program, ['--version'], {
    env: { PATH: env['PATH'] ?? '' },
    encoding: 'utf8',
    windowsHide: true,
  });
  const version = status === 0 ? /\(PostgreSQL\) (\d+\S*)/.exec(stdout)?.[1] : undefined;
  return version === undefined ? undefined : { program, version, major: majorOf(version) };
}

/** `18.4 (Debian …)` is 18. */
export const majorOf = (version: string): number => Number.parseInt(version, 10);

interface ClientRun {
  args: readonly string[];
  /** libpq's variables: the password is one of them, and in no argument */
  env: Record<string, string>;
}

/** Runs a client and gives what it writes to stdout. @throws Failure unavailable with its words when it fails */
export async function* readFrom(client: Client, { args, env }: ClientRun): AsyncGenerator<Buffer, void> {
  const child = spawn(client.program, args, { env, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
  const ended = endOf(client, child);
  ended.catch(() => undefined);
  try {
    for await (const bytes of child.stdout) yield bytes as Buffer;
    await ended;
  } finally {
    if (child.exitCode === null) child.kill();
  }
}

/** Runs a client and writes `bytes` to its stdin. @throws Failure unavailable with its words when it fails */
export async function writeTo(
  client: Client,
  { args, env }: ClientRun,
  bytes: AsyncIterable<Buffer>,
): Promise<void> {
  const child = spawn(client.program, args, { env, stdio: ['pipe', 'ignore', 'pipe'], windowsHide: true });
  const ended = endOf(client, child);
  ended.catch(() => undefined);
  child.stdin.on('error', () => undefined); // it ends when it has failed, and says why
  try {
    for await (const piece of bytes) {
      if (child.stdin.destroyed) break;
      if (!child.stdin.write(piece))
        await Promise.race([new Promise((resolve) => child.stdin.once('drain', resolve)), ended]);
    }
    child.stdin.end();
    await ended;
  } finally {
    if (child.exitCode === null) child.kill();
  }
}

function endOf(client: Client, child: ReturnType<typeof spawn>): Promise<void> {
  let said = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (said = `${said}${text}`.slice(0, 4_000)));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) => {
      if (status === 0) return resolve();
      const why = said.trim().split('\n')[0] || (signal ? `ended by ${signal}` : `exit code ${status}`);
      reject(
        new Failure('unavailable', `${client.program} ${client.version} failed: ${why}`, {
          hint:
            client.program === 'pg_dump'
              ? "--method copy makes subctl's own archive"
              : 'nothing was kept; see what it says',
        }),
      );
    });
  });
}
