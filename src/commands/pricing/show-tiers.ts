import type { PriceTier } from '../../pricing/price-row.ts';

/** Formats tiers for a table cell: `2.50 above 200000`. */
export function showTiers(value: unknown): string {
  return (value as PriceTier[]).map((tier) => `${tier.amount} above ${tier.above}`).join(', ');
}
