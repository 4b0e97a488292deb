import Big from 'big.js';
import { isCurrency, scaleOf } from './currency.ts';

/** Fields of amounts that are charged, paid or given back, in the currency that stands beside them. A cost is exact and is none of them. */
const moneyFields: ReadonlySet<string> = new Set(
  (
    'amount base credit_notes discount disputed due invoiced lapsed margin mrr new_price next_price old_price out_of_band overage overdue paid plans price refunded refunds ' +
    'revenue total unit_amount'
  ).split(' '),
);

/** Parts of an answer whose amounts are in the currency of the whole. */
const parts: ReadonlySet<string> = new Set(
  'invoice lines months payments pending refunds revenue subscription'.split(' '),
);

const decimal = /^-?\d+(\.\d+)?$/;

/** An amount with the digits that its currency has, or more where it is finer: `39` USD is `39.00`. */
export function inCurrency(amount: string, currency: string): string {
  const value = new Big(amount);
  const scale = scaleOf(currency);
  return value.round(scale).eq(value) ? value.toFixed(scale) : value.toFixed();
}

/** Whether a field holds an amount of money. */
export const isMoney = (key: string, value: unknown): value is string =>
  moneyFields.has(key) && typeof value === 'string' && decimal.test(value);

/** A value as it leaves the program: its amounts of money have the digits of their currency. */
export function withCurrencyDigits<T>(value: T, currency?: string): T {
  if (Array.isArray(value)) return value.map((each: unknown) => withCurrencyDigits(each, currency)) as T;
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  const own = currencyOf(value) ?? currency;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]: [string, unknown]) => {
      // an invoice has a balance of money, everything else one of credits
      const isBalance = key === 'balance' && 'out_of_band' in value && typeof each === 'string';
      if (own !== undefined && (isBalance || isMoney(key, each))) return [key, inCurrency(each, own)];
      if (key === 'sentence' && typeof each === 'string') return [key, sentenceInDigits(each)];
      return [key, withCurrencyDigits(each, parts.has(key) ? own : undefined)];
    }),
  ) as T;
}

/** The currency that an answer or a row says of itself. */
export function currencyOf(value: object): string | undefined {
  const { currency } = value as { currency?: unknown };
  return typeof currency === 'string' && isCurrency(currency) ? currency : undefined;
}

/** A sentence in which every amount before a currency code has the currency's digits. */
export function sentenceInDigits(text: string): string {
  return text.replace(/(?<![\d.,])-?\d+(?:\.\d+)?(?= [A-Z]{3}\b)/g, (amount, at: number) => {
    const code = text.slice(at + amount.length + 1, at + amount.length + 4);
    return isCurrency(code) ? inCurrency(amount, code) : amount;
  });
}
