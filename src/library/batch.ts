import type { Failure } from '../domain/failure.ts';
import type { Answer } from '../usage/use.ts';
import type { DatabaseSession } from './database-session.ts';
import type { BatchOptions } from './options.ts';
import { asFailure, type Event, isPassing, type Outcome, recordMany } from './record-many.ts';

/** Records events in batches. Each promise is the event's own verdict, given when it is in the database or in the spool: nothing else is acknowledged. */
export interface Batches {
  record(event: Event): Promise<Answer>;
  /** sends what waits, now, and waits for all of it */
  flush(): Promise<void>;
  /** what nobody has been told of yet: for the last moment of a process */
  unacknowledged(): Event[];
}

export interface BatchParts extends BatchOptions {
  database: DatabaseSession;
  /** batches in flight at most; each has its own customers, so that they never wait for one another */
  lanes: number;
  /** how long a batch is tried again while the database is away */
  retryMs: number;
  /** keeps an event for later, where the policy says so */
  keep(event: Event): Promise<Answer> | undefined;
}

/** Events of a batch, where the options do not say it. */
const usualSize = 100;

interface Waiting {
  event: Event;
  resolve(answer: Answer): void;
  reject(reason: unknown): void;
}

interface Lane {
  queue: Waiting[];
  timer?: NodeJS.Timeout | undefined;
  flight?: Promise<void> | undefined;
}

export function openBatches(parts: BatchParts): Batches {
  return new LaneBatches(parts);
}

class LaneBatches implements Batches {
  readonly #parts: BatchParts;
  readonly #lanes: readonly Lane[];
  readonly #open = new Set<Waiting>();
  /** those for whom there is no room yet, in the order of their calls */
  readonly #queueing: (() => void)[] = [];
  #taken = 0;

  constructor(parts: BatchParts) {
    this.#parts = parts;
    this.#lanes = Array.from({ length: parts.lanes }, () => ({ queue: [] }));
  }

  async record(event: Event): Promise<Answer> {
    const { capacity = 10_000 } = this.#parts;
    if (this.#taken >= capacity) await new Promise<void>((resolve) => this.#queueing.push(resolve));
    else this.#taken++; // who waited has been given the place of another
    try {
      return await new Promise<Answer>((resolve, reject) => this.#put({ event, resolve, reject }));
    } finally {
      const next = this.#queueing.shift();
      if (next) next();
      else this.#taken--;
    }
  }

  async flush(): Promise<void> {
    while (this.#taken > 0) await Promise.all(this.#lanes.map((lane) => this.#start(lane)));
  }

  unacknowledged(): Event[] {
    return [...this.#open].map(({ event }) => event);
  }

  #put(waiting: Waiting): void {
    const { size = usualSize, milliseconds = 10 } = this.#parts;
    this.#open.add(waiting);
    const lane = this.#lanes[hash(waiting.event.customer) % this.#lanes.length]!;
    lane.queue.push(waiting);
    if (lane.queue.length >= size) void this.#start(lane);
    else lane.timer ??= setTimeout(() => void this.#start(lane), milliseconds);
  }

  #start(lane: Lane): Promise<void> {
    clearTimeout(lane.timer);
    lane.timer = undefined;
    lane.flight ??= this.#empty(lane).finally(() => (lane.flight = undefined));
    return lane.flight;
  }

  /** Sends batch after batch until nothing waits: what comes while one is under way makes the next. */
  async #empty(lane: Lane): Promise<void> {
    while (lane.queue.length > 0) await this.#send(lane.queue.splice(0, this.#parts.size ?? usualSize));
  }

  /** Sends a batch until each of its events has a verdict, at most as long as `retryMs`. */
  async #send(batch: readonly Waiting[]): Promise<void> {
    const until = Date.now() + this.#parts.retryMs;
    let left = batch;
    for (let pauseMs = 50; left.length > 0; pauseMs = Math.min(2 * pauseMs, 1_000)) {
      const outcomes = await recordMany(
        this.#parts.database,
        left.map(({ event }) => event),
      ).catch(asFailure);
      if (Array.isArray(outcomes)) return left.forEach((each, at) => this.#tell(each, outcomes[at]!));
      left = isPassing(outcomes) ? await this.#keepSome(left) : left;
      if (!isPassing(outcomes) || Date.now() + pauseMs > until)
        return left.forEach((each) => this.#tell(each, { failure: outcomes }));
      if (left.length > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  /** Acknowledges what the policy keeps, and gives the others. */
  async #keepSome(batch: readonly Waiting[]): Promise<Waiting[]> {
    const others: Waiting[] = [];
    const kept = batch.map(async (each) => {
      const answer = this.#parts.keep(each.event);
      if (answer) this.#tell(each, await outcomeOf(answer));
      else others.push(each);
    });
    await Promise.all(kept);
    return others;
  }

  #tell(waiting: Waiting, outcome: Outcome): void {
    this.#open.delete(waiting);
    if ('answer' in outcome) waiting.resolve(outcome.answer);
    else waiting.reject(outcome.failure);
  }
}

const outcomeOf = (answer: Promise<Answer>): Promise<Outcome> =>
  answer.then(
    (found) => ({ answer: found }),
    (failure: Failure) => ({ failure }),
  );

/** FNV-1a: the same customer always flies in the same lane. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return value;
}
