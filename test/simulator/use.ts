import Big from 'big.js';
import { type Meter, multiplier } from './world.ts';

/** One use as it is told. */
export interface Use {
  kind: string;
  at: number;
  quantity: string;
  provider: string | null;
  input: number | null;
  output: number | null;
  cost: string | null;
  session: string | null;
  member: string | null;
  spent: boolean;
  partial: boolean;
}

const tierOf = ({ provider }: Use): string => (provider === 'gratis' ? 'free' : 'paid');

/** Whether a meter counts a use. */
export function meets({ kinds, provider, tier }: Meter, use: Use): boolean {
  return (
    kinds.includes(use.kind) &&
    (provider === null || provider === use.provider) &&
    (tier === null || tier === tierOf(use))
  );
}

/** How much of a use a meter counts; a multiplier rounds up once (R28). */
export function amountOf({ field, count }: Meter, use: Use): Big {
  if (count) return new Big(1);
  if (field === 'quantity') return new Big(use.quantity);
  if (field === 'cost') return new Big(use.cost ?? 0);
  if (field === 'input') return new Big(use.input ?? 0);
  if (field === 'output') return new Big(use.output ?? 0);
  const tokens = new Big((use.input ?? 0) + (use.output ?? 0));
  return use.provider === 'heavy' ? tokens.times(multiplier).round(0, Big.roundUp) : tokens;
}
