/** What a client still has to do before the process ends. */
export interface ShutdownHook {
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

const hooks = new Set<ShutdownHook>();

/**
 * Has `hook` finish before the process ends: when nothing else is left to do, at SIGTERM and SIGINT, and at the very end without waiting. A signal
 * stays the application's: where it listens itself it decides what happens, else the process ends by the signal as it would have. Gives
 * the way to take it back.
 */
export function addShutdownHook(hook: ShutdownHook): () => void {
  if (hooks.size === 0) listen();
  hooks.add(hook);
  return () => {
    hooks.delete(hook);
    if (hooks.size === 0) unlisten();
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
  for (const hook of hooks) hook.last();
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
  return [...hooks].some((hook) => hook.isBusy());
}

async function flushAll(isLast: boolean): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => (timer = setTimeout(resolve, timeoutMs)));
  const done = Promise.allSettled([...hooks].map((hook) => hook.flush(isLast)));
  await Promise.race([done, enough]);
  clearTimeout(timer);
}
