import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../domain/failure.ts';
import { takeMutex } from './mutex.ts';
import { findPrograms } from './package.ts';
import type { EmbeddedPaths } from './embedded-paths.ts';
import { cleanEnvironment } from './run-as.ts';
import { pidOf, pidState, processesOf } from './postmaster.ts';

/**
 * Stops the server of `place`: open transactions are rolled back, the rest is written to disk. False when none was running.
 * Failure `unavailable` when it does not stop within a minute.
 */
export async function stopServer(paths: EmbeddedPaths): Promise<boolean> {
  if (!existsSync(paths.home)) return false;
  const deadline = AbortSignal.timeout(60_000);
  while (!deadline.aborted) {
    const unlock = await takeMutex(paths.home);
    if (unlock) {
      try {
        return await stopAlone(paths);
      } finally {
        await unlock();
      }
    }
    await sleep(10);
  }
  throw new Failure('unavailable', 'Another process has been starting the embedded database for a minute', {
    hint: `see its log, ${paths.log}`,
  });
}

/** Stops the server with the mutex held. */
export async function stopAlone(paths: EmbeddedPaths): Promise<boolean> {
  const pid = pidOf(paths);
  const state = pidState(paths);
  if (pid === undefined || state === 'none' || state === 'stale') return false;
  if (process.platform === 'win32') stopOnWindows(paths);
  else signal(pid, 'SIGINT'); // "fast" shutdown
  const deadline = AbortSignal.timeout(60_000);
  while (['ready', 'busy'].includes(pidState(paths))) {
    if (deadline.aborted)
      throw new Failure('unavailable', `The embedded database (process ${pid}) does not stop`, {
        hint: `see its log, ${paths.log}`,
      });
    await sleep(5);
  }
  return true;
}

/** Ends what a killed server left running, with the mutex held; while one of them is busy, its shared memory keeps a new server out. */
export async function endOrphans(paths: EmbeddedPaths): Promise<void> {
  for (const name of ['SIGQUIT', 'SIGKILL'] as const) {
    for (const pid of processesOf(paths)) signal(pid, name);
    for (let round = 0; round < 200 && processesOf(paths).length > 0; round++) await sleep(10);
  }
}

function stopOnWindows(paths: EmbeddedPaths): void {
  const program = path.join(findPrograms(paths).copy, 'bin', 'pg_ctl');
  spawnSync(program, ['stop', '-w', '-s', '-m', 'fast', '-D', paths.data], {
    env: cleanEnvironment,
    stdio: 'ignore',
    windowsHide: true,
  });
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EPERM')
      throw new Failure('config', `The embedded database (process ${pid}) belongs to another account`, {
        hint: 'run as that account, or as root',
      });
    if (code !== 'ESRCH') throw error;
  }
}
