/** Number of changes that were sent to Stripe and are not yet answered or not yet stored. */
let underWay = 0;

/** The maximum time to store Stripe's answer. */
const recordingMs = 2_000;

/** Counts `work`, which changes something at Stripe, while it runs and while its answer is being stored. */
export async function whileChanging<T>(work: () => Promise<T>): Promise<T> {
  underWay++;
  try {
    return await work();
  } finally {
    setTimeout(() => underWay--, recordingMs).unref();
  }
}

/** Whether a change at Stripe is running or its answer is being stored: an interruption now would leave money unaccounted for. */
export function isChanging(): boolean {
  return underWay > 0;
}
