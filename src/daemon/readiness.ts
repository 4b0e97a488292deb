import { withTimeout } from '../database/timeout.ts';
import { refusalOf } from '../database/refusals.ts';
import type { Check, HealthSource } from '../http/health.ts';
import { readTaskHealth } from '../tasks/health.ts';
import type { Build } from '../database/bundled-sql.ts';
import type { RunningDaemon } from './running-daemon.ts';
import { checkDatabaseSession } from './database-session.ts';

const timeout = { ms: 3_000 };

/** What `/healthz` and `/readyz` say of a daemon. Ready is: the database is up and writable, its schema fits, every task can be loaded, and none is stale. */
export function healthOf(getDaemon: () => RunningDaemon, build: Build): HealthSource {
  return {
    alive: () =>
      getDaemon().isAlive() ? { ok: true } : { ok: false, says: 'The loop has stood still for a minute' },
    async ready() {
      const checks: Record<string, Check> = {
        database: { ok: false },
        schema: { ok: false },
        tasks: { ok: false },
      };
      const unknown = { ok: false, says: 'not known while the database cannot be used' };
      try {
        const daemon = getDaemon();
        const { session, outage } = daemon;
        if (!session || outage) throw outage;
        await withTimeout(checkDatabaseSession(session.db, build), timeout);
        const now = await withTimeout(daemon.clock(session.db), timeout);
        const tasks = await withTimeout(readTaskHealth(session.db, now, daemon.tasks), timeout);
        const stale = tasks.filter((task) => task.stale);
        const says = [
          ...[...daemon.unloadable].map(([task, why]) => `${task} cannot be loaded: ${why}`),
          ...stale.map(({ task, next_due }) => `${task} has been due since ${next_due.toISOString()}`),
        ];
        return {
          database: { ok: true },
          schema: { ok: true },
          tasks: { ok: says.length === 0, ...(says.length > 0 && { says: says.join('; ') }) },
        };
      } catch (error) {
        const failure = refusalOf(error);
        if (!failure) throw error;
        const isSchema = failure.kind === 'config';
        checks['database'] = isSchema ? { ok: true } : { ok: false, says: failure.message };
        checks['schema'] = isSchema ? { ok: false, says: failure.message } : unknown;
        checks['tasks'] = unknown;
        return checks;
      }
    },
  };
}
