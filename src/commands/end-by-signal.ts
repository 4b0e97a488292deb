import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../domain/failure.ts';
import { isChanging } from '../payments/under-way.ts';
import type { Context } from './context.ts';
import type { Facts } from './facts.ts';

/** How long to wait for a Stripe change after a signal. */
const stripeMs = 30_000;
/** How long a task has to finish its current batch, and then to release its lease. */
const graceMs = 1_000;
/** How long a canceled command has to report what it wrote. */
const lastWordMs = 100;

/**
 * Waits for a signal, ends the command `working` and throws the signal's reason: its statements are canceled and rolled back.
 * A Stripe change in progress is finished first, with a message. Commands with `onSignal` get time to stop cleanly.
 */
export async function endBySignal(spec: Facts, context: Context, working: Promise<unknown>): Promise<never> {
  const { signal, terminal } = context;
  if (!signal.aborted)
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  const settled = working.then(
    () => true,
    () => true,
  );
  const within = (ms: number) => Promise.race([settled, sleep(ms, false, { ref: false })]);
  if (spec.onSignal === 'stops') await settled;
  if (spec.writes && isChanging()) {
    terminal.err('Finishing the Stripe change in progress; send a second signal to stop at once\n');
    for (let waited = 0; isChanging() && waited < stripeMs; waited += 50) if (await within(50)) break;
  }
  if (spec.onSignal === 'finishes' && !(await within(graceMs))) {
    await context.cancelStatements();
    await within(graceMs);
  }
  await Promise.race([settled, context.cutOff()]);
  await within(lastWordMs);
  throw reasonOf(signal);
}

/** The Failure for the signal. */
export function reasonOf(signal: AbortSignal): Failure {
  return signal.reason instanceof Failure ? signal.reason : new Failure('interrupted', 'Interrupted');
}
