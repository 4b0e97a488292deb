/** How many changes have been sent to Stripe and not answered, and when the last one was. */
const changes = { underWay: 0, answeredAt: -Infinity };

/** How long after Stripe's answer it may take to write it down. */
const recordingMs = 2_000;

/** Counts `work`, which asks Stripe for a change, as long as it runs. */
export async function whileChanging<T>(work: () => Promise<T>): Promise<T> {
  changes.underWay++;
  try {
    return await work();
  } finally {
    changes.underWay--;
    changes.answeredAt = performance.now();
  }
}

/** Whether Stripe is being asked for a change, or its answer is just being written down: to be cut off now would leave money unaccounted for. */
export function isChanging(): boolean {
  return changes.underWay > 0 || performance.now() - changes.answeredAt < recordingMs;
}
