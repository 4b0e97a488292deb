import type { Account } from './account.ts';

/** The environment of every PostgreSQL program: nothing of PG*, LD_* or NODE_* gets through. */
export const cleanEnvironment = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC', ...windowsEnvironment() };

/** What `spawn` needs to run a program as `account`; Node also drops the supplementary groups. */
export function asAccount(account: Account | undefined) {
  return account ? { uid: account.uid, gid: account.gid } : {};
}

function windowsEnvironment(): Record<string, string> {
  return process.platform === 'win32'
    ? { SystemRoot: process.env['SystemRoot'] ?? 'C:\\Windows', PATH: process.env['PATH'] ?? '' }
    : {};
}
