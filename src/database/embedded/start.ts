import * as fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../domain/failure.ts';
import { accountOf } from './account.ts';
import { type ClusterOptions, createCluster, hasCluster, requireSameVersion } from './cluster.ts';
import { findServer } from './find-server.ts';
import { makeHome } from './home.ts';
import { launch } from './launch.ts';
import { materialise, removeOldPrograms } from './materialise.ts';
import { takeMutex } from './mutex.ts';
import { findPrograms } from './package.ts';
import type { EmbeddedPaths } from './embedded-paths.ts';
import { canConnect, socketAddress, isReady, pidFileOf, pidState, removeStaleSocket } from './postmaster.ts';
import { endOrphans, stopAlone } from './stop.ts';

export interface StartOptions {
  /** make the cluster where there is none; only `setup`, `demo` and `db start` may */
  mayCreate?: boolean | undefined;
  cluster?: ClusterOptions | undefined;
  /** who runs the server when we are root and there is no cluster yet */
  account?: string | undefined;
}

/** What `startServer` had to do. Both false: the server was running. */
export interface Started {
  created: boolean;
  started: boolean;
}

/**
 * Sees to it that the server of `place` runs, and returns when it answers. Any number of processes may call it at once: one starts it
 * and the others join. Files that a killed server left behind are cleared away. Failure `config` when there is no cluster and
 * `mayCreate` is not given, or when the folder or the account will not do; `unavailable` when the server does not come up.
 */
export async function startServer(paths: EmbeddedPaths, options: StartOptions = {}): Promise<Started> {
  if ((await findServer(paths)) !== undefined) return { created: false, started: false };
  if (!hasCluster(paths) && !options.mayCreate) throw noCluster(paths);
  makeHome(paths);
  const deadline = AbortSignal.timeout(90_000);
  while (!deadline.aborted) {
    const unlock = await takeMutex(paths.home);
    if (unlock) {
      try {
        const started = await startAlone(paths, options);
        if (started) return started;
      } finally {
        await unlock();
      }
    }
    await sleep(unlock ? 20 : 8);
    if (await isReady(paths)) return { created: false, started: false };
  }
  throw new Failure(
    'unavailable',
    'Another process has been starting the embedded database for a minute and a half',
    {
      hint: `see its log, ${paths.log}`,
    },
  );
}

/** No database at all: what to say to a crontab line that lost its DATABASE_URL. */
function noCluster({ home }: EmbeddedPaths): Failure {
  const others = ['PGHOST', 'PGDATABASE', 'PGSERVICE'].filter((name) => process.env[name]);
  return new Failure('config', `There is no DATABASE_URL, and no embedded database in ${home}`, {
    hint:
      others.length > 0
        ? `set DATABASE_URL: ${others.join(' and ')} alone do not choose a database; postgres:// takes everything from them`
        : 'set DATABASE_URL, or make an embedded database with: subctl setup',
  });
}

/** One attempt, with the mutex held; undefined when another server of this cluster is on its way up or down. */
async function startAlone(paths: EmbeddedPaths, options: StartOptions): Promise<Started | undefined> {
  const state = pidState(paths);
  if (state === 'busy') return undefined;
  if (state === 'ready') {
    if (await answersWithin(paths, 2000)) return { created: false, started: false };
    await stopAlone(paths); // someone removed its socket
  }
  // A server in another container has a pid that means nothing here; its socket, in the folder we share, tells.
  if (state === 'stale' && (await canConnect(socketAddress(paths))))
    return { created: false, started: false };
  const programs = findPrograms(paths);
  const account = accountOf(paths, options.account);
  materialise(programs);
  const created = !hasCluster(paths);
  if (created) createCluster(paths, programs, account, options.cluster);
  requireSameVersion(paths, programs);
  if (state === 'stale') {
    fs.rmSync(pidFileOf(paths), { force: true });
    await endOrphans(paths);
  }
  removeStaleSocket(paths);
  await launch(paths, programs, account);
  removeOldPrograms(programs);
  return { created, started: true };
}

async function answersWithin(paths: EmbeddedPaths, ms: number): Promise<boolean> {
  const deadline = AbortSignal.timeout(ms);
  do {
    if (await canConnect(socketAddress(paths))) return true;
    await sleep(20);
  } while (!deadline.aborted);
  return false;
}
