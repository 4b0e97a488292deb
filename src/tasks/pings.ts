import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { type Failure, exitCodeOf } from '../domain/failure.ts';
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
  /** told, without the URL, of a ping that failed */
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
export function startPings(urls: PingUrls, options: PingOptions = {}): Pings {
  return new HttpPings(urls, options);
}

class HttpPings implements Pings {
  readonly #urls: PingUrls;
  readonly #options: Required<PingOptions>;
  readonly #abandoned = new AbortController();
  /** the id of each task's run that is under way */
  readonly #rids = new Map<string, string>();
  /** the last ping of each task, after which its next is sent; one run of a task at a time */
  readonly #last = new Map<string, Promise<void>>();

  constructor(urls: PingUrls, options: PingOptions) {
    this.#urls = urls;
    this.#options = {
      ...{ onProblem: () => undefined, pausesMs: [1_000, 3_000], timeoutMs: 10_000 },
      ...options,
    };
  }

  refused(task: string, { kind, message }: Failure): void {
    const suffix = kind === 'conflict' ? 'log' : `${exitCodeOf(kind)}`;
    this.#ping(task, suffix, { task, outcome: 'refused', error: message });
  }

  started(run: Run): void {
    this.#rids.set(run.task, randomUUID());
    this.#ping(run.task, 'start', summaryOf(run));
  }

  ended(run: Run, end: RunEnd): void {
    const isElsewhere = end.outcome === 'lost' || end.outcome === 'interrupted';
    this.#ping(run.task, isElsewhere ? 'log' : `${end.exit}`, summaryOf(run, end));
    this.#rids.delete(run.task);
  }

  async settled(): Promise<void> {
    await Promise.all(this.#last.values());
  }

  abandon(): void {
    this.#abandoned.abort();
  }

  /** Sends a ping after those of the task before it, and reports one that was not accepted. */
  #ping(task: string, suffix: string, summary: object): void {
    const url = pingUrlOf(this.#urls, { task, suffix, rid: this.#rids.get(task) });
    if (!url) return;
    const body = JSON.stringify({ ...summary, host: hostname() });
    const sending = (this.#last.get(task) ?? Promise.resolve())
      .then(() => this.#deliver(url, body))
      .catch((error: Error) =>
        this.#options.onProblem(`The ping ${suffix} of ${task} was not taken: ${error.message}`),
      )
      .then(() => {
        if (this.#last.get(task) === sending) this.#last.delete(task);
      });
    this.#last.set(task, sending);
  }

  /** Posts until it is accepted. @throws Error that says what was wrong at the last try */
  async #deliver(url: URL, body: string): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      const { signal } = this.#abandoned;
      const problem = await post(
        url,
        body,
        AbortSignal.any([signal, AbortSignal.timeout(this.#options.timeoutMs)]),
      );
      if (!problem) return;
      const pause = this.#options.pausesMs[attempt];
      if (!problem.retry || pause === undefined || signal.aborted) throw new Error(problem.says);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/** Where a ping goes; undefined when the runs of the task are reported nowhere, or its pings are switched off. */
function pingUrlOf(
  { tasks, base }: PingUrls,
  { task, suffix, rid }: { task: string; suffix: string; rid: string | undefined },
): URL | undefined {
  const own = tasks[task];
  const given = own ?? base;
  if (!given) return undefined;
  const url = new URL(given);
  url.pathname = [url.pathname.replace(/\/+$/, ''), ...(own ? [] : [task]), suffix].join('/');
  if (rid) url.searchParams.set('rid', rid);
  return url;
}

/** Posts once; undefined when it was accepted, else what was wrong and whether another try may help. */
async function post(
  url: URL,
  body: string,
  signal: AbortSignal,
): Promise<{ says: string; retry: boolean } | undefined> {
  try {
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

function summaryOf(run: Run, end?: RunEnd): object {
  const { task, scheduledFor, asOf, sequence } = run;
  const begun = { task, scheduled_for: scheduledFor, as_of: asOf, sequence };
  if (!end) return begun;
  const { outcome, exit, done, skipped, parked, error = null, note = null } = end;
  return { ...begun, outcome, exit, done, skipped, parked, error, note };
}
