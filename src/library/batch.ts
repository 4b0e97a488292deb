import type { Failure } from '../domain/failure.ts';
import type { Answer } from '../usage/use.ts';
import type { Link } from './link.ts';
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
  link: Link;
  /** batches in flight at most; each has its own customers, so that they never wait for one another */
  lanes: number;
  /** how long a batch is tried again while the database is away */
  retryMs: number;
  /** keeps an event for later, where the policy says so */
  keep(event: Event): Promise<Answer> | undefined;
}

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
  const { size = 100, milliseconds = 10, capacity = 10_000 } = parts;
  const lanes: Lane[] = Array.from({ length: parts.lanes }, () => ({ queue: [] }));
  const open = new Set<Waiting>();
  const queueing: (() => void)[] = [];
  let taken = 0;

  async function record(event: Event): Promise<Answer> {
    if (taken >= capacity) await new Promise<void>((resolve) => queueing.push(resolve));
    else taken++; // who waited has been given the place of another
    try {
      return await new Promise<Answer>((resolve, reject) => put({ event, resolve, reject }));
    } finally {
      const next = queueing.shift();
      if (next) next();
      else taken--;
    }
  }

  function put(waiting: Waiting): void {
    open.add(waiting);
    const lane = lanes[hash(waiting.event.customer) % lanes.length]!;
    lane.queue.push(waiting);
    if (lane.queue.length >= size) void fly(lane);
    else lane.timer ??= setTimeout(() => void fly(lane), milliseconds);
  }

  function fly(lane: Lane): Promise<void> {
    clearTimeout(lane.timer);
    lane.timer = undefined;
    lane.flight ??= empty(lane).finally(() => (lane.flight = undefined));
    return lane.flight;
  }

  /** Sends batch after batch until nothing waits: what comes while one is under way makes the next. */
  async function empty(lane: Lane): Promise<void> {
    while (lane.queue.length > 0) await send(lane.queue.splice(0, size));
  }

  async function send(batch: readonly Waiting[]): Promise<void> {
    const until = Date.now() + parts.retryMs;
    let left = batch;
    for (let pauseMs = 50; left.length > 0; pauseMs = Math.min(2 * pauseMs, 1_000)) {
      const outcomes = await recordMany(
        parts.link,
        left.map(({ event }) => event),
      ).catch(asFailure);
      if (Array.isArray(outcomes)) return left.forEach((each, at) => tell(each, outcomes[at]!));
      left = isPassing(outcomes) ? await keepSome(left) : left;
      if (!isPassing(outcomes) || Date.now() + pauseMs > until)
        return left.forEach((each) => tell(each, { failure: outcomes }));
      if (left.length > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  /** Acknowledges what the policy keeps, and gives the others. */
  async function keepSome(batch: readonly Waiting[]): Promise<Waiting[]> {
    const others: Waiting[] = [];
    const kept = batch.map(async (each) => {
      const answer = parts.keep(each.event);
      if (!answer) others.push(each);
      else
        tell(
          each,
          await answer.then(
            (found) => ({ answer: found }),
            (failure: Failure) => ({ failure }),
          ),
        );
    });
    await Promise.all(kept);
    return others;
  }

  function tell(waiting: Waiting, outcome: Outcome): void {
    open.delete(waiting);
    if ('answer' in outcome) waiting.resolve(outcome.answer);
    else waiting.reject(outcome.failure);
  }

  return {
    record,
    async flush() {
      while (taken > 0) await Promise.all(lanes.map(fly));
    },
    unacknowledged: () => [...open].map(({ event }) => event),
  };
}

/** FNV-1a: the same customer always flies in the same lane. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return value;
}
