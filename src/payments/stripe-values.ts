/** The id of what Stripe gives as an id or whole. */
export function idOf(value: string | { id: string } | null | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.id;
}

/** Stripe's seconds since 1970 as an instant. */
export const instantOf = (seconds: number): Date => new Date(seconds * 1000);

export const secondsOf = (instant: Date): number => Math.floor(instant.getTime() / 1000);

/** A clock may be wrong by less than this, and an answer may be that late. */
const marginSeconds = 86_400;

/**
 * Where a search at Stripe must begin that was meant to begin at an instant of our own clock: a day earlier, for Stripe dates what it makes by
 * its own. What is found must be known by its key, never by its time.
 */
export const secondsBefore = (instant: Date): number => secondsOf(instant) - marginSeconds;
