import Big from 'big.js';
import type { prices } from '../database/schema/pricing.ts';

/** A price for prompts of strictly more than `above` tokens; it then applies to the whole prompt. */
export interface PriceTier {
  above: string;
  amount: string;
  per: string;
}

/** The price of a component of a model from an instant on, by one source. Amounts are decimal strings in the cost currency. */
export interface PriceRow extends Pick<
  typeof prices.$inferSelect,
  'provider' | 'model' | 'component' | 'unit' | 'amount' | 'per' | 'effectiveFrom' | 'source'
> {
  tiers: PriceTier[];
}

/** The key of a price: of the revisions under one key the newest is valid. */
export function keyOf({ provider, model, component, effectiveFrom }: Omit<PriceRow, 'source'>): string {
  return JSON.stringify([provider, model, component, effectiveFrom.toISOString()]);
}

/** `0.125 per 1000000`, with its tiers: equal prices have equal texts. */
export function priceWord({ amount, per, tiers }: Pick<PriceRow, 'amount' | 'per' | 'tiers'>): string {
  const word = (price: { amount: string; per: string }) =>
    `${trimmed(price.amount)} per ${trimmed(price.per)}`;
  return [word({ amount, per }), ...tiers.map((tier) => `${word(tier)} above ${trimmed(tier.above)}`)].join(
    ', ',
  );
}

function trimmed(amount: string): string {
  return new Big(amount).toFixed();
}
