import Big from 'big.js';
import { chargedScaleOf, scaleOf } from './currency.ts';

/** An exact amount, `over` divided by `under`: a third of a price is no decimal. `under` is above zero. */
export interface Share {
  over: Big;
  under: Big;
}

/** A whole amount as a share. */
export const whole = (amount: Big | string): Share => ({ over: new Big(amount), under: new Big(1) });

/** Part of an amount: amount × left ÷ of. What is left of nothing is nothing, more than the whole is the whole. */
export function shareOf({ over, under }: Share, left: Big, of: Big): Share {
  if (of.lte(0) || left.lte(0)) return whole('0');
  if (left.gte(of)) return { over, under };
  return { over: over.times(left), under: under.times(of) };
}

/** The sum of shares, exact. */
export function sumOf(shares: readonly Share[]): Share {
  return shares.reduce(
    (sum, { over, under }) => ({
      over: sum.over.times(under).plus(over.times(sum.under)),
      under: sum.under.times(under),
    }),
    whole('0'),
  );
}

/** A share rounded to what can be paid in a currency, or charged, half away from zero (R27). */
export function roundMoney({ over, under }: Share, currency: string, charged = false): Big {
  const scale = unitsOf(currency, charged);
  const units = over.abs().times(scale).times(2).plus(under);
  const rounded = floor(units, under.times(2)).div(scale);
  return over.lt(0) ? rounded.neg() : rounded;
}

/**
 * The parts of a bill as amounts of a currency. Their sum is rounded once, half away from zero; the parts are split by the largest
 * remainder, so that they sum to it (R27).
 */
export function splitMoney(parts: readonly Share[], currency: string, charged = false): Big[] {
  const scale = unitsOf(currency, charged);
  const total = roundMoney(sumOf(parts), currency, charged).times(scale);
  const floors = parts.map(({ over, under }) => floor(over.times(scale), under));
  const rests = parts.map(({ over, under }, at) => ({
    at,
    over: over.times(scale).minus(floors[at]!.times(under)),
    under,
  }));
  rests.sort((a, b) => b.over.times(a.under).cmp(a.over.times(b.under)) || a.at - b.at);
  const missing = total.minus(floors.reduce((sum, each) => sum.plus(each), new Big(0)));
  const raised = new Set(rests.filter((_, n) => missing.gt(n)).map(({ at }) => at));
  return floors.map((units, at) => units.plus(raised.has(at) ? 1 : 0).div(scale));
}

const unitsOf = (currency: string, charged: boolean): Big =>
  new Big(10).pow(charged ? chargedScaleOf(currency) : scaleOf(currency));

/** The greatest whole number that is not above over ÷ under. */
function floor(over: Big, under: Big): Big {
  const rest = over.mod(under);
  return over
    .minus(rest)
    .div(under)
    .minus(rest.lt(0) ? 1 : 0);
}
