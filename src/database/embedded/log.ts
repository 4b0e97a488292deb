import * as fs from 'node:fs';
import { onDisk } from './disk.ts';
import type { Account } from './account.ts';
import type { EmbeddedPaths } from './embedded-paths.ts';

const largestLogBytes = 10 * 1024 * 1024;

/**
 * Opens server.log for appending, as a file of the server's account. Over 10 MB it is moved to server.log.1 first; nothing else rotates
 * it. A link in its place is not followed: root opens it in a folder that another account may write.
 */
export function openLog(paths: EmbeddedPaths, account: Account | undefined): number {
  return onDisk(paths.data, () => {
    const size = fs.lstatSync(paths.log, { throwIfNoEntry: false })?.size ?? 0;
    if (size > largestLogBytes) fs.renameSync(paths.log, `${paths.log}.1`);
    const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW = 0 } = fs.constants;
    const descriptor = fs.openSync(paths.log, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW, 0o600);
    if (account) fs.fchownSync(descriptor, account.uid, account.gid);
    return descriptor;
  });
}

/** The last lines of server.log, for a sentence about a server that did not start. */
export function lastLogLines(paths: EmbeddedPaths, count = 6): string {
  try {
    return fs.readFileSync(paths.log, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  } catch {
    return '';
  }
}
