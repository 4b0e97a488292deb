import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { Failure } from '../../domain/failure.ts';
import type { Environment } from '../../terminal/terminal.ts';

export interface ChildRequest {
  env: Environment;
  cwd: string;
  /** aborted on SIGINT and SIGTERM */
  signal: AbortSignal;
}

/**
 * Runs a program on the streams of the terminal, forwards signals and waits for its end.
 * @returns its exit code, or 128 plus the number of the signal that ended it
 * @throws Failure not_found for a missing program, refused for one that cannot be run
 */
export async function runChild(
  [program, ...args]: [string, ...string[]],
  { env, cwd, signal }: ChildRequest,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, cwd, stdio: 'inherit' });
    const stop = () => {
      const { kind } = signal.reason as Failure;
      // a terminal sends SIGINT to the whole process group, so the program has it already
      if (kind !== 'interrupted' || !process.stdin.isTTY)
        child.kill(kind === 'interrupted' ? 'SIGINT' : 'SIGTERM');
    };
    const hangUp = () => child.kill('SIGHUP');
    process.on('SIGHUP', hangUp);
    const done = () => {
      signal.removeEventListener('abort', stop);
      process.off('SIGHUP', hangUp);
    };
    child.once('error', (cause: NodeJS.ErrnoException) => {
      done();
      const missing = cause.code === 'ENOENT';
      reject(
        new Failure(
          missing ? 'not_found' : 'refused',
          `The program ${program} ${missing ? 'was not found' : `cannot be run (${cause.code})`}`,
          { hint: 'Give the program after --', cause },
        ),
      );
    });
    child.once('exit', (code, ended) => {
      done();
      resolve(code ?? 128 + (ended ? constants.signals[ended] : 0));
    });
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
