import type { PriceTier } from '../../pricing/price-row.ts';

/** `2.50 above 200000` of each tier, for a cell. */
export function showTiers(value: unknown): string {
  return (value as PriceTier[]).map((tier) => `${tier.amount} above ${tier.above}`).join(', ');
}
