import { readBuild } from '../../src/database/bundled-sql.ts';
import { randomUUID } from 'node:crypto';
import type { Db } from '../../src/database/connect.ts';
import { startDaemon } from '../../src/daemon/daemon.ts';
import { servicesOf } from '../support/services.ts';
import { openLog } from '../../src/daemon/log.ts';
import { logRuns } from '../../src/daemon/log-runs.ts';
import { openNotifier } from '../../src/daemon/notify.ts';
import { timetableOfVariables } from '../../src/config/timetable-settings.ts';
import { effectiveTimetable } from '../../src/scheduler/effective.ts';

/**
 * A daemon as a process of its own, the same in everything but its clock: it reads the time from a table that the test moves on, so that
 * days pass in seconds for all hosts together. Leases are as long as the environment says, in real time.
 */
const { env } = process;
const controller = new AbortController();
process.once('SIGTERM', () => controller.abort(new Error('Terminated')));
const log = openLog({ write: (line) => process.stderr.write(line), format: 'json', level: 'debug' });

async function virtualClock(db: Db): Promise<Date> {
  const [row] = await db<[{ now: Date }]>`select now from public.virtual_clock`;
  return row.now;
}

startDaemon({
  id: randomUUID(),
  build: readBuild({ folder: env['PROGRAM_FOLDER']!, program: '0.1.0' }),
  configuration: {
    database: { url: env['DATABASE_URL'], home: '/nonexistent' },
    timetable: effectiveTimetable(timetableOfVariables(env)),
  },
  log,
  notifier: openNotifier({}, log),
  watcher: logRuns(log),
  signal: controller.signal,
  clock: virtualClock,
  pollMs: 40,
  concurrency: 2,
  leaseMs: Number(env['LEASE_MS']),
  pageSize: 5,
  services: servicesOf,
  actor: 'chaos',
}).ended.catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
