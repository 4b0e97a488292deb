/** The id of a value that Stripe returns as an id or as an object. */
export function idOf(value: string | { id: string } | null | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.id;
}

/** Converts Stripe's seconds since 1970 to an instant. */
export const instantOf = (seconds: number): Date => new Date(seconds * 1000);

export const secondsOf = (instant: Date): number => Math.floor(instant.getTime() / 1000);

/** The maximum error of a clock, and the maximum delay of an answer. */
const marginSeconds = 86_400;

/**
 * The start of a search at Stripe for an instant of our clock: a day earlier, because Stripe uses its own clock. Results must be
 * recognized by their key, never by their time.
 */
export const secondsBefore = (instant: Date): number => secondsOf(instant) - marginSeconds;
