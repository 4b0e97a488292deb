/** How many changes have been sent to Stripe and are not answered, or not written down yet. */
let underWay = 0;

/** How long after Stripe's answer it may take to write it down. */
const recordingMs = 2_000;

/** Counts `work`, which asks Stripe for a change, as long as it runs and its answer is being written down. */
export async function whileChanging<T>(work: () => Promise<T>): Promise<T> {
  underWay++;
  try {
    return await work();
  } finally {
    setTimeout(() => underWay--, recordingMs).unref();
  }
}

/** Whether Stripe is being asked for a change, or its answer is just being written down: to be cut off now would leave money unaccounted for. */
export function isChanging(): boolean {
  return underWay > 0;
}
