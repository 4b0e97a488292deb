import * as fs from 'node:fs';
import path from 'node:path';

/** A file that somebody may still write to ends so; without it, it is whole. */
export const openEnding = '.open';
/** What could not be recorded of a file, each line with its reason. */
export const rejectedEnding = '.rejected';
const lockEnding = '.lock';

/** How long a file may lie open, and a lock may stand, before another process takes it over. Taking over too soon costs work, no event. */
const staleMs = 60_000;

/** Bytes of everything in the folder. */
export function bytesIn(folder: string): number {
  return namesIn(folder).reduce((sum, name) => sum + (statOf(path.join(folder, name))?.size ?? 0), 0);
}

/**
 * The whole files of the folder, oldest first. Files that processes have left open are whole now: a process that still writes to one
 * sees that it has gone, and writes what it was writing to another.
 */
export function wholeFiles(folder: string, now: number): string[] {
  for (const name of namesIn(folder).filter((each) => each.endsWith(openEnding))) {
    const file = path.join(folder, name);
    if ((statOf(file)?.mtimeMs ?? now) < now - staleMs)
      tolerant(() => fs.renameSync(file, file.slice(0, -openEnding.length)));
  }
  return namesIn(folder)
    .filter((name) => name.endsWith('.ndjson'))
    .sort()
    .map((name) => path.join(folder, name));
}

/** Asks for a file, so that two processes do not do the same work; that both do it would be no harm. Gives the way to let go, or undefined. */
export function takeFile(file: string, now: number): (() => void) | undefined {
  const lock = `${file}${lockEnding}`;
  if ((statOf(lock)?.mtimeMs ?? now) < now - staleMs) tolerant(() => fs.unlinkSync(lock));
  try {
    fs.closeSync(fs.openSync(lock, 'wx', 0o600));
  } catch {
    return undefined;
  }
  return () => tolerant(() => fs.unlinkSync(lock));
}

/** Says that whoever took the file is still at it. */
export function touchLock(file: string, now: number): void {
  tolerant(() => fs.utimesSync(`${file}${lockEnding}`, now / 1_000, now / 1_000));
}

/** Writes the file whole or not at all, and waits for the disk. */
export function writeWhole(file: string, text: string): void {
  const half = `${file}.${process.pid}.half`;
  const handle = fs.openSync(half, 'w', 0o600);
  fs.writeSync(handle, text);
  fs.fsyncSync(handle);
  fs.closeSync(handle);
  fs.renameSync(half, file);
  syncFolder(path.dirname(file));
}

/** Makes names as durable as contents. Windows has no such thing. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = fs.openSync(folder, 'r');
  fs.fsyncSync(handle);
  fs.closeSync(handle);
}

/** For what another process may have done already. */
export function tolerant(work: () => void): void {
  try {
    work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

function namesIn(folder: string): string[] {
  return fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.startsWith('usage-')) : [];
}

function statOf(file: string): fs.Stats | undefined {
  return fs.statSync(file, { throwIfNoEntry: false });
}
