import { Failure } from '../domain/failure.ts';
import type { Recorded } from './answers.ts';
import type { Link } from './link.ts';
import type { PolicyOptions } from './options.ts';
import { asFailure, type Event, isAway } from './record-many.ts';
import { replaySpool } from './replay.ts';
import { openSpool } from './spool.ts';

/** Decides what happens while the database is away, and sees that what was kept is recorded when it is back. */
export interface Keeper {
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
export function openKeeper(
  link: Link,
  { onUnavailable = 'fail-closed', spool: place, onProblem = warn }: PolicyOptions,
): Keeper {
  const isOpen = onUnavailable === 'fail-open';
  if (isOpen && !place) {
    throw new Failure('config', 'fail-open without a spool would lose uses', {
      hint: "subctl({ onUnavailable: 'fail-open', spool: { folder: '/var/lib/app/spool' } })",
    });
  }
  const spool = place && openSpool(place);
  let timer: NodeJS.Timeout | undefined;
  let pauseMs = leastPauseMs;
  let replaying: Promise<boolean> | undefined;
  let isClosed = false;
  if (spool) schedule(0); // what others, or we before, have left behind

  async function append(event: Event): Promise<Recorded> {
    await spool!.append([{ ...event, already_spent: true }]);
    schedule(pauseMs);
    return spooled(event);
  }

  function schedule(afterMs: number): void {
    if (isClosed || timer) return;
    timer = setTimeout(() => void attempt(), afterMs);
    timer.unref(); // what is kept outlives the process
  }

  async function attempt(): Promise<void> {
    replaying ??= replay().finally(() => (replaying = undefined));
    const isDone = await replaying;
    timer = undefined;
    pauseMs = isDone ? leastPauseMs : Math.min(2 * pauseMs, mostPauseMs);
    if (!isDone) schedule(pauseMs);
  }

  /** Whether nothing is left that this could have recorded. */
  async function replay(): Promise<boolean> {
    try {
      const { rejected } = await replaySpool(link, spool!);
      if (rejected > 0)
        onProblem(
          new Failure('incomplete', `${rejected} uses of the spool ${spool!.folder} could not be recorded`, {
            hint: 'Each is in a file that ends in .rejected, with its reason',
          }),
        );
      return true;
    } catch (error) {
      if (!isAway(error)) onProblem(asFailure(error));
      return false;
    }
  }

  return {
    isOpen,
    keep: (event) => (spool && (isOpen || event['already_spent'] === true) ? append(event) : undefined),
    keepNow(events) {
      if (spool && events.length > 0)
        spool.appendNow(events.map((event) => ({ ...event, already_spent: true })));
    },
    problem: onProblem,
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await replaying;
      if (spool) await replay();
    },
  };
}

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
