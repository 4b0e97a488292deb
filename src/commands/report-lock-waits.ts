import type { Context } from './context.ts';

/** How long a command waits for a lock before it reports the wait. */
const quietMs = 3_000;

/** Reports on stderr, once, which sessions hold the lock that the command waits for. Returns a function that stops the check. */
export function reportLockWaits(context: Context): () => void {
  const timer = setInterval(() => void checkBlockers(), quietMs).unref();
  const checkBlockers = async () => {
    const blockers = await context.findBlockers().catch(() => []);
    if (blockers.length === 0) return;
    clearInterval(timer);
    const sessions = blockers.map(({ pid, user, application }) =>
      [`process ${pid}`, user && `user ${user}`, application].filter(Boolean).join(', '),
    );
    context.note(
      `Waiting for a lock that another session holds (${sessions.join('; ')}); giving up after a minute`,
    );
  };
  return () => clearInterval(timer);
}
