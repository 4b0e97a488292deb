import { spawn } from 'node:child_process';
import type { Log } from './log.ts';

/** What the service manager is told; nothing where there is none. */
export interface Notifier {
  ready(status: string): void;
  status(text: string): void;
  reloading(): void;
  stopping(): void;
  /** Tells every half of its limit that the daemon is alive, as long as `isAlive` says so; without a limit never. */
  watch(isAlive: () => boolean): { stop(): void };
}

/**
 * Speaks sd_notify through `systemd-notify`, which needs `NotifyAccess=all` in the unit: Node has no datagram sockets of unix. Does nothing
 * unless NOTIFY_SOCKET is set. A message that cannot be sent is a line in the log, once.
 */
export function openNotifier(env: Record<string, string | undefined>, log: Log): Notifier {
  let complained = false;
  let last = Promise.resolve();
  const send = (...words: string[]) => {
    if (!env['NOTIFY_SOCKET']) return;
    // one after the other: RELOADING must not arrive after the READY that ends it
    last = last
      .then(() => tell(words, env))
      .catch((error: Error) => {
        if (!complained) log.warn({ why: error.message }, 'the service manager cannot be told');
        complained = true;
      });
  };
  return {
    ready: (status) => send('READY=1', `STATUS=${status}`),
    status: (text) => send(`STATUS=${text}`),
    reloading: () => send('RELOADING=1', `MONOTONIC_USEC=${process.hrtime.bigint() / 1_000n}`),
    stopping: () => send('STOPPING=1', 'STATUS=Stopping'),
    watch(isAlive) {
      const limit = Number(env['WATCHDOG_USEC'] ?? 0) / 1_000;
      const meant = !env['WATCHDOG_PID'] || Number(env['WATCHDOG_PID']) === process.pid;
      if (!(limit > 0) || !meant) return { stop: () => undefined };
      const timer = setInterval(() => isAlive() && send('WATCHDOG=1'), limit / 2).unref();
      return { stop: () => clearInterval(timer) };
    },
  };
}

function tell(words: readonly string[], env: Record<string, string | undefined>): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('systemd-notify', words, { env: env as NodeJS.ProcessEnv, stdio: 'ignore' });
    child.once('error', reject);
    child.once('exit', (code) => (code ? reject(new Error(`systemd-notify ended with ${code}`)) : resolve()));
  });
}
