import { Failure } from '../domain/failure.ts';
import type { Recorded } from './answers.ts';
import type { DatabaseSession } from './database-session.ts';
import type { PolicyOptions } from './options.ts';
import { asFailure, type Event, isAway } from './record-many.ts';
import { replaySpool } from './replay.ts';
import { type Spool, openSpool } from './spool.ts';

/** Decides what happens while the database is away, and sees that what was kept is recorded when it is back. */
export interface OutagePolicy {
  isOpen: boolean;
  /** Keeps the event if the policy says so: it has happened, or is allowed unchecked. Its promise fails when there is no room. */
  keep(event: Event): Promise<Recorded> | undefined;
  /** for the last moment of a process */
  keepNow(events: readonly Event[]): void;
  problem(failure: Failure): void;
  /** Tries once more to record what is kept, and stops trying. */
  close(): Promise<void>;
}

const leastPauseMs = 250;
const mostPauseMs = 30_000;

/** @throws Failure config for `fail-open` without a spool: uses would be lost */
export function openOutagePolicy(database: DatabaseSession, options: PolicyOptions): OutagePolicy {
  const { onUnavailable = 'fail-closed', spool, onProblem = warn } = options;
  const isOpen = onUnavailable === 'fail-open';
  if (spool) return new SpoolingPolicy({ database, isOpen, spool: openSpool(spool), problem: onProblem });
  if (isOpen)
    throw new Failure('config', 'fail-open without a spool would lose uses', {
      hint: "subctl({ onUnavailable: 'fail-open', spool: { folder: '/var/lib/app/spool' } })",
    });
  return {
    isOpen,
    keep: () => undefined,
    keepNow: () => undefined,
    problem: onProblem,
    close: () => Promise.resolve(),
  };
}

interface OutagePolicyParts {
  database: DatabaseSession;
  isOpen: boolean;
  spool: Spool;
  problem(failure: Failure): void;
}

/** Keeps uses in a spool, and tries to record them with longer and longer pauses. */
class SpoolingPolicy implements OutagePolicy {
  readonly isOpen: boolean;
  readonly #database: DatabaseSession;
  readonly #spool: Spool;
  readonly #problem: (failure: Failure) => void;
  #timer: NodeJS.Timeout | undefined;
  #pauseMs = leastPauseMs;
  #replaying: Promise<boolean> | undefined;
  #isClosed = false;

  constructor({ database, isOpen, spool, problem }: OutagePolicyParts) {
    this.isOpen = isOpen;
    this.#database = database;
    this.#spool = spool;
    this.#problem = problem;
    this.#schedule(0); // what others, or we before, have left behind
  }

  keep(event: Event): Promise<Recorded> | undefined {
    return this.isOpen || event['already_spent'] === true ? this.#append(event) : undefined;
  }

  keepNow(events: readonly Event[]): void {
    if (events.length > 0) this.#spool.appendNow(events.map(asSpent));
  }

  problem(failure: Failure): void {
    this.#problem(failure);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#replaying;
    await this.#replay();
  }

  async #append(event: Event): Promise<Recorded> {
    await this.#spool.append([asSpent(event)]);
    this.#schedule(this.#pauseMs);
    return spooled(event);
  }

  #schedule(afterMs: number): void {
    if (this.#isClosed || this.#timer) return;
    this.#timer = setTimeout(() => void this.#attempt(), afterMs);
    this.#timer.unref(); // what is kept outlives the process
  }

  async #attempt(): Promise<void> {
    this.#replaying ??= this.#replay().finally(() => (this.#replaying = undefined));
    const isDone = await this.#replaying;
    this.#timer = undefined;
    this.#pauseMs = isDone ? leastPauseMs : Math.min(2 * this.#pauseMs, mostPauseMs);
    if (!isDone) this.#schedule(this.#pauseMs);
  }

  /** Whether nothing is left that this could have recorded. */
  async #replay(): Promise<boolean> {
    try {
      const { rejected } = await replaySpool(this.#database, this.#spool);
      if (rejected > 0)
        this.#problem(
          new Failure(
            'incomplete',
            `${rejected} uses of the spool ${this.#spool.folder} could not be recorded`,
            {
              hint: 'Each is in a file that ends in .rejected, with its reason',
            },
          ),
        );
      return true;
    } catch (error) {
      if (!isAway(error)) this.#problem(asFailure(error));
      return false;
    }
  }
}

/** What is kept has happened: it is recorded whatever the limits say then. */
const asSpent = (event: Event): Event => ({ ...event, already_spent: true });

/** The answer to a use that is kept: allowed, and nothing is known of limits. */
function spooled({ customer, kind, at }: Event): Recorded {
  return {
    ...{
      allowed: true,
      reason: null,
      customer,
      kind,
      at: String(at),
      event_id: null,
      replayed: false,
      cost: null,
    },
    ...{ limits: [], credits: null, alerts: [], spooled: true },
  };
}

function warn({ message, hint }: Failure): void {
  process.emitWarning(hint ? `${message} (${hint})` : message, 'SubctlWarning');
}
