/**
 * How many digits after the point a currency has (ISO 4217): 2 for USD, 0 for JPY, 3 for KWD; 2 for codes that nobody knows.
 */
export function scaleOf(currency: string): number {
  const { maximumFractionDigits } = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
  }).resolvedOptions();
  return maximumFractionDigits ?? 2;
}
