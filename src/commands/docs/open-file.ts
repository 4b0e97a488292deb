import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../domain/failure.ts';

/** How long a program that opens files is watched for failing. Some of them run as long as their window does. */
const watchedMs = 1_000;

/** The program, with its arguments, that opens a file in whatever the person has chosen for it. */
export function openerOf(platform: NodeJS.Platform, file: string): [program: string, args: string[]] {
  if (platform === 'darwin') return ['open', [file]];
  if (platform === 'win32') return ['rundll32.exe', ['url.dll,FileProtocolHandler', file]];
  return ['xdg-open', [file]];
}

/**
 * Opens a file in the program that the system has for it, and does not wait for that to end.
 * @throws Failure unavailable where there is none, or it fails at once
 */
export async function openFile(
  file: string,
  [program, args] = openerOf(process.platform, file),
): Promise<void> {
  const child = spawn(program, args, { stdio: 'ignore', detached: true });
  const problem = await Promise.race([problemOf(child), sleep(watchedMs, undefined, { ref: false })]);
  child.unref();
  if (problem)
    throw new Failure('unavailable', `${program} cannot open ${file}: ${problem}`, {
      hint: 'Without --open the page is printed',
    });
}

/** Why it failed; undefined when it ended well. */
function problemOf(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    child.once('error', ({ code, message }: NodeJS.ErrnoException) =>
      resolve(code === 'ENOENT' ? 'there is no such program here' : message),
    );
    child.once('exit', (code, signal) =>
      resolve(code === 0 ? undefined : `it ended with ${signal ?? `exit code ${code}`}`),
    );
  });
}
