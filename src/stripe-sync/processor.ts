import type { Connection } from '../database/connect.ts';
import type { StripeAccount } from '../payments/stripe-account.ts';
import type { Writer } from './mirror-customer.ts';
import { processWaiting } from './process-waiting.ts';

export interface ProcessorOptions {
  now: () => Promise<Date>;
  write: Writer;
  /** called with an event that failed, or with the failure that stopped all */
  failed: (sentence: string) => void;
  /** how often it polls for events whose next try is due; a minute by default */
  everyMs?: number | undefined;
}

export interface Processor {
  /** A new event is waiting. */
  wake: () => void;
  /** Finishes the running work. */
  stop: () => Promise<void>;
}

/** Processes events as they arrive, one poll at a time, and retries failed ones when they are due. */
export function startProcessor(
  connection: Connection,
  account: StripeAccount,
  { now, write, failed, everyMs = 60_000 }: ProcessorOptions,
): Processor {
  const held = { waits: true, stopped: false, working: Promise.resolve() };
  const abort = new AbortController();
  const work = async () => {
    while (held.waits && !held.stopped) {
      held.waits = false;
      try {
        const done = await processWaiting(connection, account, write, {
          now: await now(),
          signal: abort.signal,
        });
        for (const { id, type, status, note } of done)
          if (status === 'failed') failed(`${id} (${type}) failed: ${note}`);
      } catch (error) {
        failed(`Webhooks are waiting: ${(error as Error).message}`);
      }
    }
  };
  let running = false;
  const wake = () => {
    held.waits = true;
    if (running || held.stopped) return;
    running = true;
    held.working = work().finally(() => (running = false));
  };
  const timer = setInterval(wake, everyMs);
  wake();
  return {
    wake,
    async stop() {
      held.stopped = true;
      abort.abort();
      clearInterval(timer);
      await held.working;
    },
  };
}
