/** A sleep that can be ended early. */
export interface WakeSignal {
  /** Ends the present sleep; without one, the next ends at once. */
  wake(): void;
  /** Sleeps `ms` milliseconds, or until it is woken or the signal is aborted. */
  wait(ms: number): Promise<void>;
}

/** A wake signal that is also given, and stays given, when `signal` is aborted. */
export function openWakeSignal(signal: AbortSignal): WakeSignal {
  let isWoken = false;
  let endSleep: (() => void) | undefined;
  const wake = () => {
    isWoken = true;
    endSleep?.();
  };
  signal.addEventListener('abort', wake, { once: true });
  return {
    wake,
    async wait(ms) {
      if (!isWoken && !signal.aborted)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          endSleep = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      isWoken = false;
      endSleep = undefined;
    },
  };
}
