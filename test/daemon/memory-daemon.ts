import { readBuild } from '../../src/database/bundled-sql.ts';
import { randomUUID } from 'node:crypto';
import { startDaemon } from '../../src/daemon/daemon.ts';
import { servicesOf } from '../support/services.ts';
import { openLog } from '../../src/daemon/log.ts';
import { logRuns } from '../../src/daemon/log-runs.ts';
import { openNotifier } from '../../src/daemon/notify.ts';
import { effectiveTimetable } from '../../src/scheduler/effective.ts';

/**
 * A daemon whose clock goes on by five minutes whenever it looks, and which looks again at once: so many ticks as TICKS says, then it
 * stops. Twenty times on the way it says how much memory it has, garbage taken out.
 */
const { env } = process;
const ticks = Number(env['TICKS']);
const controller = new AbortController();
const log = openLog({ write: () => undefined, format: 'json', level: 'info' });
let tick = 0;

function clock(): Promise<Date> {
  tick += 1;
  if (tick % Math.ceil(ticks / 20) === 0) {
    globalThis.gc!();
    const { heapUsed, rss } = process.memoryUsage();
    process.stdout.write(`${JSON.stringify({ tick, heapUsed, rss })}\n`);
  }
  if (tick >= ticks) controller.abort(new Error('done'));
  return Promise.resolve(new Date(Date.UTC(2025, 0, 1) + tick * 300_000));
}

startDaemon({
  id: randomUUID(),
  build: readBuild({ folder: env['PROGRAM_FOLDER']!, program: '0.1.0' }),
  configuration: {
    database: { url: env['DATABASE_URL'], home: '/nonexistent' },
    timetable: effectiveTimetable(),
  },
  log,
  notifier: openNotifier({}, log),
  watcher: logRuns(log),
  signal: controller.signal,
  clock,
  pollMs: 0,
  concurrency: 3,
  leaseMs: 120_000,
  services: servicesOf,
  actor: 'tester',
}).ended.catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
