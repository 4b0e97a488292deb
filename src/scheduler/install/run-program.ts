import { spawn } from 'node:child_process';
import { Failure } from '../../domain/failure.ts';

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/**
 * Runs a program of the host to its end, in English, with `input` on its stdin.
 * @throws Failure unavailable when there is no such program
 */
export function runProgram(name: string, args: readonly string[], input = ''): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(name, [...args], { env: { ...process.env, LC_ALL: 'C' } });
    const ran: Ran = { code: -1, stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (ran.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (ran.stderr += text));
    child.once('error', (cause: NodeJS.ErrnoException) => {
      const missing = new Failure('unavailable', `There is no program ${name} on this host`, { cause });
      reject(cause.code === 'ENOENT' ? missing : cause);
    });
    child.once('close', (code) => resolve({ ...ran, code: code ?? -1 }));
    child.stdin.on('error', () => undefined).end(input);
  });
}

/** The same, where anything but exit code 0 is a failure. @throws Failure unavailable with what the program said */
export async function mustRun(name: string, args: readonly string[], input = ''): Promise<string> {
  const { code, stdout, stderr } = await runProgram(name, args, input);
  if (code === 0) return stdout;
  const said = (stderr || stdout).trim().split('\n')[0] ?? '';
  throw new Failure('unavailable', `${[name, ...args].join(' ')} ended with ${code}: ${said}`);
}
