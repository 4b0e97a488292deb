import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { exitCodeOf } from '../domain/failure.ts';
import type { Run } from './claim.ts';
import type { RunEnd, Watcher } from './watcher.ts';

/** Where the runs of tasks are reported: an URL for a task, else `base` with the task's name as its last part. They are secrets. */
export interface PingUrls {
  base?: string | undefined;
  tasks: Readonly<Record<string, string>>;
}

/** A watcher that pings. The process ends when the pings under way are over; `abandon` ends them at once. */
export interface Pings extends Watcher {
  settled(): Promise<void>;
  abandon(): void;
}

export interface PingOptions {
  /** told, without the URL, of a ping that nobody took */
  onProblem?: (sentence: string) => void;
  /** the pauses before the second and the third try */
  pausesMs?: readonly number[];
  timeoutMs?: number;
}

/**
 * Tells a monitor of each run, by the convention of healthchecks: `<url>/start` when it begins and `<url>/<exit code>` when it ends (0 for
 * success, 7 when rows were parked), both with `?rid=` of the run and a JSON summary as the body. A run that was refused because another
 * is at work, lost its lease to another or was stopped goes to `<url>/log`: its instant is done by somebody else, or later.
 * It never fails, changes or holds up the run; each ping has ten seconds and three tries, and one run's pings arrive in order.
 */
export function startPings(
  urls: PingUrls,
  { onProblem = () => undefined, pausesMs = [1_000, 3_000], timeoutMs = 10_000 }: PingOptions = {},
): Pings {
  const abandoned = new AbortController();
  const rids = new Map<string, string>();
  const last = new Map<string, Promise<void>>(); // one run of a task at a time
  return {
    refused: (task, { kind, message }) =>
      ping(task, kind === 'conflict' ? 'log' : `${exitCodeOf(kind)}`, {
        task,
        outcome: 'refused',
        error: message,
      }),
    started(run) {
      rids.set(run.task, randomUUID());
      ping(run.task, 'start', summaryOf(run));
    },
    ended(run, end) {
      const isElsewhere = end.outcome === 'lost' || end.outcome === 'interrupted';
      ping(run.task, isElsewhere ? 'log' : `${end.exit}`, summaryOf(run, end));
      rids.delete(run.task);
    },
    async settled() {
      await Promise.all(last.values());
    },
    abandon: () => abandoned.abort(),
  };

  function ping(task: string, suffix: string, summary: object): void {
    const url = addressOf(task, suffix);
    if (!url) return;
    const body = JSON.stringify({ ...summary, host: hostname() });
    const before = last.get(task);
    const sending = (before ?? Promise.resolve())
      .then(() => deliver(url, body))
      .catch((error: Error) => onProblem(`The ping ${suffix} of ${task} was not taken: ${error.message}`))
      .then(() => {
        if (last.get(task) === sending) last.delete(task);
      });
    last.set(task, sending);
  }

  function addressOf(task: string, suffix: string): URL | undefined {
    const own = urls.tasks[task];
    const given = own ?? urls.base;
    if (!given) return undefined; // nowhere, or switched off for this task
    const url = new URL(given);
    const parts = [url.pathname.replace(/\/+$/, ''), ...(own ? [] : [task]), suffix];
    url.pathname = parts.join('/');
    const rid = rids.get(task);
    if (rid) url.searchParams.set('rid', rid);
    return url;
  }

  async function deliver(url: URL, body: string): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      const problem = await post(url, body);
      if (!problem) return;
      const pause = pausesMs[attempt];
      if (!problem.retry || pause === undefined || abandoned.signal.aborted) throw new Error(problem.says);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  async function post(url: URL, body: string): Promise<{ says: string; retry: boolean } | undefined> {
    try {
      const signal = AbortSignal.any([abandoned.signal, AbortSignal.timeout(timeoutMs)]);
      const headers = { 'Content-Type': 'application/json' };
      const response = await fetch(url, { method: 'POST', body, headers, signal, redirect: 'follow' });
      await response.body?.cancel();
      if (response.ok) return undefined;
      return { says: `status ${response.status}`, retry: response.status >= 500 || response.status === 429 };
    } catch (error) {
      const { code } = ((error as Error).cause ?? {}) as { code?: string };
      return { says: code ?? (error as Error).name, retry: true };
    }
  }
}

function summaryOf(run: Run, end?: RunEnd): object {
  const { task, scheduledFor, asOf, sequence } = run;
  const begun = { task, scheduled_for: scheduledFor, as_of: asOf, sequence };
  if (!end) return begun;
  const { outcome, exit, done, skipped, parked, error = null, note = null } = end;
  return { ...begun, outcome, exit, done, skipped, parked, error, note };
}
