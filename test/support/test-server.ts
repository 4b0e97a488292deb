import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { materialise } from '../../src/database/embedded/materialise.ts';
import { takeMutex } from '../../src/database/embedded/mutex.ts';
import { embeddedAddress } from '../../src/database/embedded/open.ts';
import { findPrograms } from '../../src/database/embedded/package.ts';
import { type EmbeddedPaths, embeddedPaths } from '../../src/database/embedded/embedded-paths.ts';
import { startServer } from '../../src/database/embedded/start.ts';
import { stopServer } from '../../src/database/embedded/stop.ts';
import { formatDatabaseUrl } from '../../src/database/url.ts';

/** What tests give up: their data need not survive a crash. */
export const fastSettings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  max_connections: '100',
  max_wal_size: '256MB', // it is kept in memory
};

/** Bytes that all databases of a run may take at once, with a good margin. */
const spaceOfARun = 4 * 1024 ** 3;

/**
 * Where the data of a run is kept: in memory where Linux has room for it, since a new database is 640 files, which cost a disk's file
 * system twenty times the CPU. SUBCTL_TEST_DATA names another folder.
 */
export function folderOfData(memory = '/dev/shm'): string {
  const asked = process.env['SUBCTL_TEST_DATA'];
  if (asked) return asked;
  try {
    fs.accessSync(memory, fs.constants.W_OK);
    const { bavail, bsize } = fs.statfsSync(memory);
    if (bavail * bsize >= spaceOfARun) return memory;
  } catch {
    // no such folder here, or not ours to write
  }
  return tmpdir();
}

/** One server for the whole run, in a new folder; the copy of the programs is kept between runs. */
export async function startTestServer(): Promise<{ url: string; stop: () => Promise<void> }> {
  const home = temporaryFolder('subctl-run-', folderOfData());
  const place = { ...embeddedPaths(home), programs: await cachedPrograms() };
  await startServer(place, { mayCreate: true, cluster: { settings: fastSettings, noSync: true } }).catch(
    (error: unknown) => {
      removeFolder(home);
      throw error;
    },
  );
  const watch = stopWhenWeAreGone(place);
  const stop = async () => {
    await stopServer(place);
    watch.kill();
    removeFolder(home);
  };
  return { url: formatDatabaseUrl(embeddedAddress(place), { showPassword: true }), stop };
}

/** A new folder that the server's account may pass through, removed by whoever asked for it. */
export function temporaryFolder(prefix: string, inside = tmpdir()): string {
  const folder = fs.mkdtempSync(path.join(fs.realpathSync(inside), prefix));
  fs.chmodSync(folder, 0o755);
  return folder;
}

export function removeFolder(folder: string): void {
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
}

/** A folder of copied programs that all runs of this account share: the `pg` of a state folder. */
export async function cachedPrograms(): Promise<string> {
  const home = path.join(fs.realpathSync(tmpdir()), `subctl-test-programs-${userInfo().uid}`);
  fs.mkdirSync(home, { recursive: true, mode: 0o755 });
  const place = embeddedPaths(home);
  for (;;) {
    const unlock = await takeMutex(home);
    if (unlock) {
      try {
        materialise(findPrograms(place));
        return place.programs;
      } finally {
        await unlock();
      }
    }
    await sleep(20);
  }
}

/** A run that is killed stops nothing itself: a shell that sees its pipe end does. */
function stopWhenWeAreGone(place: EmbeddedPaths) {
  const pid = fs.readFileSync(path.join(place.data, 'postmaster.pid'), 'utf8').split('\n')[0] ?? '';
  const script =
    'trap "" INT TERM HUP; cat >/dev/null; kill -INT "$1" 2>/dev/null && sleep 1; rm -rf -- "$2"';
  const watch = spawn('/bin/sh', ['-c', script, 'sh', pid, place.home], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watch.unref();
  (watch.stdin as unknown as { unref?: () => void }).unref?.();
  return { kill: () => void watch.kill('SIGKILL') };
}
