import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../domain/failure.ts';

/** How long to watch the opener for a failure. Some openers run as long as their window is open. */
const watchedMs = 1_000;

/** The program and arguments that open a file in its default application. */
export function openerOf(platform: NodeJS.Platform, file: string): [program: string, args: string[]] {
  if (platform === 'darwin') return ['open', [file]];
  if (platform === 'win32') return ['rundll32.exe', ['url.dll,FileProtocolHandler', file]];
  return ['xdg-open', [file]];
}

/**
 * Opens a file in its default application and does not wait for it.
 * @throws Failure unavailable when there is none, or it fails at once
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
      hint: 'Omit --open to print the page',
    });
}

/** The reason of a failure; undefined after success. */
function problemOf(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    child.once('error', ({ code, message }: NodeJS.ErrnoException) =>
      resolve(code === 'ENOENT' ? 'the program is not installed' : message),
    );
    child.once('exit', (code, signal) =>
      resolve(code === 0 ? undefined : `it ended with ${signal ?? `exit code ${code}`}`),
    );
  });
}
