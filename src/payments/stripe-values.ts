/** The id of what Stripe gives as an id or whole. */
export function idOf(value: string | { id: string } | null | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.id;
}

/** Stripe's seconds since 1970 as an instant. */
export const instantOf = (seconds: number): Date => new Date(seconds * 1000);

export const secondsOf = (instant: Date): number => Math.floor(instant.getTime() / 1000);
