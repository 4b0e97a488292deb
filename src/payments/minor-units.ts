import Big from 'big.js';
import { scaleOf } from '../domain/currency.ts';
import { Failure } from '../domain/failure.ts';

/**
 * Currencies that Stripe counts differently from ISO 4217: ariary in whole units; krónur and Ugandan shillings in hundredths that must be
 * whole units.
 */
const scales: Record<string, number> = { MGA: 0, ISK: 2, UGX: 2 };
/** The step of an amount in minor units: amounts of three-decimal currencies end in 0, those of some currencies without cents in 00. */
const steps: Record<string, number> = { BHD: 10, JOD: 10, KWD: 10, OMR: 10, TND: 10, ISK: 100, UGX: 100 };
/** The provider's field is a JSON number with at most this many digits. */
const mostDigits = 12;

/** The number of decimals in which a currency is charged: 2 for USD, 0 for JPY, 3 for KWD. */
function minorScaleOf(currency: string): number {
  return scales[currency] ?? scaleOf(currency);
}

/**
 * Converts an exact amount to the provider's minor units: 29.99 USD is 2999, 500 JPY is 500, 1.25 KWD is 1250. Does not round.
 * @throws Failure refused for a negative amount, or one that the currency cannot be charged in (naming its smallest step)
 */
export function toMinorUnits(amount: string, currency: string): bigint {
  const scale = minorScaleOf(currency);
  const units = new Big(amount).times(new Big(10).pow(scale));
  if (units.lt(0)) throw refused(amount, currency, 'is negative');
  const step = steps[currency] ?? 1;
  if (!units.mod(step).eq(0)) {
    const smallest = new Big(step).div(new Big(10).pow(scale)).toFixed();
    throw refused(amount, currency, `is not a multiple of ${smallest}`);
  }
  if (units.toFixed().length > mostDigits)
    throw refused(amount, currency, `has more than ${mostDigits} digits`);
  return BigInt(units.toFixed());
}

/** Converts minor units to a decimal string at the currency's scale: 2999 USD is `29.99`. */
export function fromMinorUnits(minor: bigint, currency: string): string {
  const scale = minorScaleOf(currency);
  return new Big(minor.toString()).div(new Big(10).pow(scale)).toFixed(scale);
}

/** Converts minor units to the JSON number of the provider's API: whole and far below 2^53. */
export function minorAsNumber(minor: bigint): number {
  if (minor < 0n || minor >= 10n ** BigInt(mostDigits))
    throw new RangeError(`${minor} minor units cannot be charged`);
  return Number(minor);
}

/**
 * Reads the provider's JSON number as minor units; `field` names it, as in `amount_received of pi_1`.
 * @throws Failure refused where the answer has no such whole number
 */
export function minorFromNumber(amount: number | null | undefined, field: string): bigint {
  if (typeof amount === 'number' && Number.isSafeInteger(amount)) return BigInt(amount);
  throw new Failure(
    'refused',
    `Stripe's answer has no ${field}, but ${amount === undefined ? 'nothing' : String(amount)}`,
    {
      hint: 'see the object in the Stripe Dashboard, and try again',
    },
  );
}

function refused(amount: string, currency: string, why: string): Failure {
  return new Failure('refused', `An amount of ${amount} ${currency} ${why}, so it cannot be charged`, {
    hint: `Round it to the decimals of ${currency}`,
  });
}
