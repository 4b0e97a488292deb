import { scaleOf } from '../domain/currency.ts';
import { splitMoney, whole } from '../domain/money.ts';

/**
 * Rounds the sum of each column in each currency once, and its rows by the largest remainder (R27). So the rows sum to the total, and
 * every grouping of the same amounts has the same total. Null stays null. The given amounts are exact.
 */
export function roundOnce<Key extends string, Row extends Record<Key, string | null> & { currency: string }>(
  rows: readonly Row[],
  keys: readonly Key[],
): Row[] {
  const rounded = rows.map((row) => ({ ...row }));
  for (const currency of new Set(rows.map((row) => row.currency)))
    for (const key of keys) {
      const shown = rounded.filter((row) => row.currency === currency && row[key] !== null);
      const parts = splitMoney(
        shown.map((row) => whole(row[key]!)),
        currency,
      );
      shown.forEach((row, n) => Object.assign(row, { [key]: parts[n]!.toFixed(scaleOf(currency)) }));
    }
  return rounded;
}
