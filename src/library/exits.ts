/** What a client still has to do before the process ends. */
export interface Leaver {
  /** whether anything is under way that nobody has been told of */
  isBusy(): boolean;
  /** finishes it; `isLast` when the process ends afterwards, whatever else is going on in it */
  flush(isLast: boolean): Promise<void>;
  /** what can be done without waiting, when the process does not wait */
  last(): void;
}

/** How long a signal waits for what is under way. */
const timeoutMs = 8_000;
const signals = ['SIGTERM', 'SIGINT'] as const;

const leavers = new Set<Leaver>();

/**
 * Has `leaver` finish before the process ends: when nothing else is left to do, at SIGTERM and SIGINT, and at the very end without waiting. A signal
 * stays the application's: where it listens itself it decides what happens, else the process ends by the signal as it would have. Gives
 * the way to take it back.
 */
export function beforeExit(leaver: Leaver): () => void {
  if (leavers.size === 0) listen();
  leavers.add(leaver);
  return () => {
    leavers.delete(leaver);
    if (leavers.size === 0) unlisten();
  };
}

function listen(): void {
  for (const signal of signals) process.on(signal, onSignal);
  process.on('beforeExit', onIdle);
  process.on('exit', onEnd);
}

function unlisten(): void {
  for (const signal of signals) process.off(signal, onSignal);
  process.off('beforeExit', onIdle);
  process.off('exit', onEnd);
}

function onIdle(): void {
  if (isBusy()) void flushAll(false);
}

function onEnd(): void {
  for (const leaver of leavers) leaver.last();
}

function onSignal(signal: NodeJS.Signals): void {
  const isOurs = process.listenerCount(signal) === 1;
  void flushAll(isOurs).then(() => {
    if (!isOurs || process.listenerCount(signal) !== 1) return;
    unlisten(); // or the signal would come back to us
    process.on('exit', onEnd);
    process.kill(process.pid, signal);
  });
}

function isBusy(): boolean {
  return [...leavers].some((leaver) => leaver.isBusy());
}

async function flushAll(isLast: boolean): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => (timer = setTimeout(resolve, timeoutMs)));
  const done = Promise.allSettled([...leavers].map((leaver) => leaver.flush(isLast)));
  await Promise.race([done, enough]);
  clearTimeout(timer);
}
