import fc from 'fast-check';

/**
 * How many inputs a parser is given: SUBCTL_FUZZ says, else 100,000 in a long run and a bounded set in a usual one, which draws the same on
 * every run. What costs more than microseconds takes a `share` of them.
 */
const isLong = process.env['SUBCTL_LONG'] !== undefined;
const most = Number(process.env['SUBCTL_FUZZ'] ?? (isLong ? 100_000 : 1_000));

export const inputs = (share = 1): number => Math.max(1, Math.round(most * share));

/** The parameters of `fc.assert` for so many inputs. SUBCTL_FUZZ_SEED plays a run again. */
export function runs(share = 1): { numRuns: number; seed?: number; endOnFailure: boolean } {
  const seed = Number(process.env['SUBCTL_FUZZ_SEED'] ?? (isLong ? fc.sample(fc.nat(), 1)[0] : 20_261_130));
  return { numRuns: inputs(share), seed, endOnFailure: false };
}

/** A test may take as long as its inputs need. */
export const patience = isLong ? 7_200_000 : 120_000;
