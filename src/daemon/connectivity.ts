import { refusalOf } from '../database/refusals.ts';
import { Failure } from '../domain/failure.ts';
import type { Log } from './log.ts';
import type { Notifier } from './notify.ts';

const longestPauseMs = 30_000;

/** Whether the daemon can work: what keeps it from it, since when, and what was said of it. */
export class Connectivity {
  readonly #log: Log;
  readonly #notifier: Notifier;
  #outage: Failure | undefined = new Failure('unavailable', 'The database has not been reached yet');
  /** to reach the database, since it was last there */
  #tries = 0;
  /** it has reached the database once */
  #hasConnected = false;

  constructor(log: Log, notifier: Notifier) {
    this.#log = log;
    this.#notifier = notifier;
  }

  /** why it cannot work; undefined while it can */
  get outage(): Failure | undefined {
    return this.#outage;
  }

  /**
   * Reports an error, once, and gives how many milliseconds to wait before the next try: a quarter of a second, then twice as long each time, up to
   * half a minute, a quarter more or less.
   * @throws Failure config when it has never worked
   */
  reportFailure(error: unknown): number {
    const failure = refusalOf(error) ?? new Failure('bug', (error as Error).message, { cause: error });
    if (failure.kind === 'config' && !this.#hasConnected) throw failure;
    const facts = failure.kind === 'bug' ? { err: error } : { kind: failure.kind, hint: failure.hint };
    const isNew = failure.message !== this.#outage?.message;
    const level = failure.kind === 'unavailable' ? 'warn' : 'error';
    this.#log[isNew ? level : 'debug'](facts, failure.message);
    if (isNew) this.#notifier.status(failure.message);
    this.#outage = failure;
    return Math.min(longestPauseMs, 250 * 2 ** this.#tries++) * (0.75 + Math.random() / 2);
  }

  /** Reports, once, that it works; `tasks` is how many the timetable has. */
  reportRecovery(tasks: number): void {
    if (!this.#outage) return;
    const status = `At work: ${tasks} tasks`;
    if (this.#hasConnected) this.#notifier.status(status);
    else this.#notifier.ready(status);
    const facts = this.#tries > 0 ? { tries: this.#tries } : {};
    this.#log.info(facts, this.#hasConnected ? 'the database is back' : 'at work');
    this.#hasConnected = true;
    this.#outage = undefined;
    this.#tries = 0;
  }
}
