import type { Connection } from '../database/connect.ts';
import { type Run, usualLeaseMs } from './claim.ts';

export interface Keeping {
  leaseMs?: number | undefined;
  /** how often it is renewed; a third of the lease unless said */
  everyMs?: number;
  /** called once when the lease is over, or may be: nobody could say for its whole length that it is not */
  onLost?: (() => void) | undefined;
}

/**
 * Renews the lease of a run, three times in its length, until it is told to stop. A renewal that fails is left to the next one: what
 * decides is the fence of each transaction (R42). `onLost` is for those who have something to let go of, such as a connection that hangs.
 */
export function keepLease(
  connection: Connection,
  run: Run,
  { leaseMs = usualLeaseMs, everyMs = leaseMs / 3, onLost = () => undefined }: Keeping = {},
): { stop(): void } {
  let over = false;
  let deadline = setTimeout(lose, leaseMs).unref();
  const timer = setInterval(renew, everyMs).unref();
  return { stop };

  function renew(): void {
    const next = setTimeout(lose, leaseMs).unref(); // from when it was asked, not from when it was answered
    connection`
      update subctl.jobs set lease_until = clock_timestamp() + ${leaseMs}::int * interval '1 ms'
       where task = ${run.task} and lease_token = ${run.token} and lease_owner is not null
      returning 1 as held`.then(
      (rows) => {
        if (over || rows.length === 0) clearTimeout(next);
        if (over) return;
        if (rows.length === 0) return lose();
        clearTimeout(deadline);
        deadline = next;
      },
      () => clearTimeout(next),
    );
  }

  function lose(): void {
    if (over) return;
    stop();
    onLost();
  }

  function stop(): void {
    over = true;
    clearTimeout(deadline);
    clearInterval(timer);
  }
}
