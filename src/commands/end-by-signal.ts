import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../domain/failure.ts';
import { isChanging } from '../payments/under-way.ts';
import type { Context } from './context.ts';
import type { Facts } from './facts.ts';

/** How long a change at Stripe may take after a signal. */
const stripeMs = 30_000;
/** How long a task may take to finish the batch in hand, and then to give its lease back. */
const graceMs = 1_000;
/** How long what was cut off has to say what it wrote, before the signal is reported. */
const lastWordMs = 100;

/**
 * Fails with the signal's reason when a signal has come and the command `working` has been ended: its statements are canceled and undone.
 * A change at Stripe is finished first, and said to be. Commands that stop at a good place by themselves are given the time.
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
    terminal.err('Finishing the change at Stripe that is under way; a second signal ends it at once\n');
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

/** The Failure that the signal stands for. */
export function reasonOf(signal: AbortSignal): Failure {
  return signal.reason instanceof Failure ? signal.reason : new Failure('interrupted', 'Interrupted');
}
