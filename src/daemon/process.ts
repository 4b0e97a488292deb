import type { Settings } from '../config/settings.ts';
import type { Build } from '../database/bundled-sql.ts';
import { uuid7 } from '../database/uuid7.ts';
import { healthRoutes } from '../http/health.ts';
import { metricsRoutes } from '../http/metrics.ts';
import { type RunningServer, startServer } from '../http/server.ts';
import { type Services, openServices } from '../tasks/services.ts';
import type { Pings } from '../tasks/pings.ts';
import { type Watcher, watchers } from '../tasks/watcher.ts';
import { startDaemon } from './daemon.ts';
import type { Configuration, RunningDaemon } from './running-daemon.ts';
import { loadAhead } from './load-ahead.ts';
import { type Log, openLog } from './log.ts';
import { logRuns } from './log-runs.ts';
import { openMetrics } from './metrics.ts';
import { openNotifier } from './notify.ts';
import { watchProgram } from './other-build.ts';
import { healthOf } from './readiness.ts';

/** All that a daemon reads from outside: at its start, and again at every SIGHUP. */
export interface Reading {
  configuration: Configuration;
  leaseMs: number;
  actor: string;
  /** everything that was said, by name */
  said: ReadonlyMap<string, Said>;
  settings: Settings;
  openPings(onProblem: (sentence: string) => void): Pings;
}

/** A value as it may be shown, and as it is: a secret may change behind its mask. */
export interface Said {
  shown: string;
  is: string;
}

export interface ProcessRequest {
  build: Build;
  /** the folder of the program's package, which an update replaces */
  root: string;
  /** reads it all; called again when the daemon is told to */
  read(): Promise<Reading>;
  env: Record<string, string | undefined>;
  signal: AbortSignal;
  writeLog: (line: string) => void;
  logFormat: 'json' | 'text';
  logLevel: 'debug' | 'info' | 'warn';
  concurrency: number;
  /** where /healthz, /readyz and /metrics answer; nowhere when it is undefined */
  listen: { host: string; port: number } | undefined;
  /** gives the daemon a way to be told to read its configuration again; what it returns undoes it */
  onReload(reload: () => void): () => void;
}

/**
 * Runs the daemon with everything around it, a log, a server for its health, a voice to the service manager, until it has stopped.
 * @throws Failure config or unavailable when it could not begin
 */
export async function runDaemon(request: ProcessRequest): Promise<void> {
  const { build, env, listen } = request;
  const files = watchProgram(request.root);
  const log = openLog({ write: request.writeLog, format: request.logFormat, level: request.logLevel });
  const current = new CurrentReading(await request.read(), log);
  const notifier = openNotifier(env, log);
  await loadAhead(current.services);
  const metrics = openMetrics(() => daemon, { version: build.program, node: process.version });
  const routes = [healthRoutes(healthOf(() => daemon, build)), metricsRoutes(metrics.source)];
  const server = listen && (await openServer(listen, routes, log));
  const { configuration, leaseMs, actor } = current.reading;
  const daemon: RunningDaemon = startDaemon({
    ...request,
    ...{ id: uuid7(new Date()), configuration, leaseMs, actor, log, notifier, files },
    services: () => current.services,
    watcher: watchers(logRuns(log), metrics.watcher, current.watcher),
  });
  const reload = async () => {
    notifier.reloading();
    try {
      await current.replace(await request.read(), daemon);
    } catch (error) {
      log.error({ error: (error as Error).message }, 'the new configuration is not taken over: it is wrong');
    } finally {
      notifier.ready('At work');
    }
  };
  const undo = request.onReload(() => void reload());
  const watch = notifier.watch(() => daemon.isAlive());
  try {
    await daemon.ended;
  } finally {
    undo();
    watch.stop();
    await server?.close();
    await current.close();
  }
}

async function openServer(
  at: { host: string; port: number },
  routes: Parameters<typeof startServer>[0]['routes'],
  log: Log,
): Promise<RunningServer> {
  const onBug = (error: unknown, path: string) => log.error({ err: error, path }, 'a bug in the server');
  const running = await startServer({ ...at, routes, onBug });
  log.info({ url: running.url }, 'listening');
  return running;
}

/** What was read last, and what was opened by it. Runs that are at work keep the services that they began with. */
class CurrentReading {
  readonly #log: Log;
  readonly #opened: Services[] = [];
  #reading: Reading;
  #pings: Pings;

  constructor(reading: Reading, log: Log) {
    this.#log = log;
    this.#reading = reading;
    this.#opened.push(openedBy(reading));
    this.#pings = this.#openPings(reading);
  }

  get reading(): Reading {
    return this.#reading;
  }

  get services(): Services {
    return this.#opened.at(-1)!;
  }

  /** reports each run to the pings of the moment */
  get watcher(): Watcher {
    return {
      refused: (task, failure) => this.#pings.refused(task, failure),
      started: (run) => this.#pings.started(run),
      ended: (run, end) => this.#pings.ended(run, end),
    };
  }

  /** Takes over another reading, and waits for the pings of the one before. */
  async replace(next: Reading, daemon: RunningDaemon): Promise<void> {
    sayWhatChanged(this.#log, this.#reading, next);
    daemon.reconfigure(next.configuration);
    const before = this.#pings;
    this.#pings = this.#openPings(next);
    this.#reading = next;
    this.#opened.push(openedBy(next));
    await before.settled();
  }

  async close(): Promise<void> {
    await settle(this.#pings);
    await Promise.all(this.#opened.map((services) => services.close()));
  }

  #openPings(reading: Reading): Pings {
    return reading.openPings((sentence) => this.#log.warn(sentence));
  }
}

const openedBy = ({ settings }: Reading): Services =>
  openServices(
    () => Promise.resolve(settings),
    () => new Date(),
  );

/** Pings may take a while when nobody answers; a daemon that stops does not wait for more than a second. */
async function settle(pings: Pings): Promise<void> {
  const over = setTimeout(() => pings.abandon(), 1_000);
  await pings.settled();
  clearTimeout(over);
}

function sayWhatChanged(log: Log, before: Reading, after: Reading): void {
  const keys = [...new Set([...before.said.keys(), ...after.said.keys()])];
  const changed = keys.filter((key) => before.said.get(key)?.is !== after.said.get(key)?.is);
  const shown = ({ said }: Reading, key: string) => said.get(key)?.shown ?? 'not set';
  const facts = Object.fromEntries(
    changed.map((key) => [key, `${shown(before, key)} → ${shown(after, key)}`]),
  );
  log.info(
    facts,
    changed.length > 0 ? 'configuration read again' : 'configuration read again: nothing changed',
  );
  if (before.leaseMs !== after.leaseMs || before.actor !== after.actor)
    log.warn('a change of the lease or the actor holds from the next start');
}
