import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { run } from '../../src/run.ts';

export interface CliResult {
  code: number;
  stdout: string;
  stderr: string;
}

export interface CliSurroundings {
  /** the whole environment: nothing of the developer's gets through */
  env?: Record<string, string>;
  stdin?: string;
  cwd?: string;
}

export const root = path.resolve(import.meta.dirname, '../..');
const bin = path.join(root, 'bin/subctl.js');
const plain = {
  PATH: process.env['PATH'] ?? '',
  NO_COLOR: '1',
  TZ: 'UTC',
  SUBCTL_HOME: '/nonexistent/subctl',
};

/** Runs one command line in this process, as `run()` would from the terminal, without one. */
export async function subctl(
  args: readonly string[],
  { env = {}, stdin = '', cwd = '/' }: CliSurroundings = {},
): Promise<CliResult> {
  const stdout = collector();
  const stderr = collector();
  const input = new PassThrough();
  input.end(stdin);
  const code = await run(args, {
    env: { ...plain, ...env },
    cwd,
    stdin: input,
    stdout: stdout.stream,
    stderr: stderr.stream,
  });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

export interface Spawning {
  /** another copy of bin/subctl.js */
  program?: string;
  /** the account, for tests that root runs */
  uid?: number;
  gid?: number;
}

/** Runs the real program, the built bundle. */
export function spawnSubctl(
  args: readonly string[],
  { env = {}, stdin = '', cwd = '/', program = bin, ...account }: CliSurroundings & Spawning = {},
): Promise<CliResult> {
  if (!existsSync(path.join(root, 'dist'))) throw new Error('There is no dist/: run npm run build first');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], { env: { ...plain, ...env }, cwd, ...account });
    const result = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (result.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (result.stderr += text));
    child.once('error', reject).once('close', (code) => resolve({ code: code ?? -1, ...result }));
    child.stdin.on('error', () => undefined).end(stdin);
  });
}

function collector() {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
}
