import Big from 'big.js';
import { parseAmount } from '../domain/amounts.ts';
import { Failure } from '../domain/failure.ts';
import type { PriceTier } from './price-row.ts';

/**
 * Parses tiers, `200000=2.50`: the amount for prompts of strictly more tokens. Sorted ascending.
 * @throws Failure usage that names the text and the form
 */
export function parseTiers(texts: readonly string[], per: string): PriceTier[] {
  return texts.map((text) => parseTier(text, per)).sort((one, other) => new Big(one.above).cmp(other.above));
}

function parseTier(text: string, per: string): PriceTier {
  const [tokens, amount, ...more] = text.split('=');
  if (!tokens || !amount || more.length > 0)
    throw new Failure('usage', `--above ${text} is not a tier`, {
      hint: 'Give tokens=amount, such as --above 200000=2.50',
    });
  return {
    above: parseAmount(tokens, { name: '--above tokens', min: '0' }),
    amount: parseAmount(amount, { name: '--above amount', min: '0' }),
    per,
  };
}
