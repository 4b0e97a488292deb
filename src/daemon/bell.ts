/** Something to sleep by. */
export interface Bell {
  /** Ends the sleep at hand; without one, the next is over at once. */
  ring(): void;
  /** Sleeps `ms` milliseconds, or until the bell rings or the signal is aborted. */
  wait(ms: number): Promise<void>;
}

/** A bell that also rings, and goes on ringing, when `signal` is aborted. */
export function openBell(signal: AbortSignal): Bell {
  let rung = false;
  let awaken: (() => void) | undefined;
  const ring = () => {
    rung = true;
    awaken?.();
  };
  signal.addEventListener('abort', ring, { once: true });
  return {
    ring,
    async wait(ms) {
      if (!rung && !signal.aborted)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          awaken = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      rung = false;
      awaken = undefined;
    },
  };
}
