import { currencyFault, finerPriceNote } from '../domain/currency.ts';
import type { Price } from './catalogue.ts';
import { type Findings, join } from './findings.ts';
import { type Periods, readInterval } from './periods.ts';
import { type Mapping, readAmount, readMapping, readText, shown } from './read-values.ts';

/**
 * Reads `prices:` of a plan: by interval (or the word month, year, period) an amount, null for complimentary only, a mapping with amount,
 * currency and stripe_price_id, or a list of such mappings, one per currency.
 */
export function readPrices(
  findings: Findings,
  path: string,
  value: unknown,
  { periods, currency }: { periods: Periods; currency: string },
): Price[] {
  const prices: Price[] = [];
  for (const [key, entry] of Object.entries(readMapping(findings, path, value))) {
    const interval = readInterval(findings, join(path, key), key, periods);
    if (interval === undefined) continue;
    for (const each of Array.isArray(entry) ? entry : [entry]) {
      const price = readPrice(findings, join(path, key), each, { interval, currency });
      const twice = prices.some((other) => other.interval === interval && other.currency === price.currency);
      if (twice) findings.refuse(join(path, key), `a second price for ${interval} in ${price.currency}`);
      prices.push(price);
    }
  }
  return prices;
}

function readPrice(
  findings: Findings,
  path: string,
  value: unknown,
  { interval, currency }: { interval: string; currency: string },
): Price {
  const map: Mapping = value !== null && typeof value === 'object' ? (value as Mapping) : { amount: value };
  findings.unknownKeys(path, map, ['amount', 'currency', 'stripe_price_id']);
  const price = {
    interval,
    currency: readCurrency(findings, join(path, 'currency'), map.currency) ?? currency,
    amount: readAmount(findings, path, map.amount) ?? null,
    stripePriceId: readText(findings, join(path, 'stripe_price_id'), map.stripe_price_id) ?? null,
  };
  const finer = finerPriceNote(price);
  if (finer !== undefined) findings.warn(path, finer);
  return price;
}

/** Reads a currency of ISO 4217, in capitals. */
export function readCurrency(findings: Findings, path: string, value: unknown): string | undefined {
  const text = readText(findings, path, value);
  const fault = text === undefined ? undefined : currencyFault(text);
  if (fault === undefined) return text;
  findings.refuse(path, `${shown(text)} ${fault.reason}`, 'Write the three capital letters of ISO 4217: USD');
  return undefined;
}
