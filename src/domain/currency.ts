/** Where ISO 4217 has other than two digits after the point. What a machine's locale data say differs from it: forint have 2. */
const scales: readonly (readonly [scale: number, codes: string])[] = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [4, 'CLF UYW'],
];

/** How many of them providers charge in: dinars in steps of ten fils, ariary whole. The engine has the same as subctl.invoice_scale. */
export const chargedScaleOf = (currency: string): number =>
  currency === 'MGA' ? 0 : Math.min(2, scaleOf(currency));

/**
 * How many digits after the point a currency has (ISO 4217): 2 for USD, 0 for JPY, 3 for KWD; 2 for codes that nobody knows. The engine
 * has the same as subctl.currency_scale.
 */
export function scaleOf(currency: string): number {
  return scales.find(([, codes]) => codes.split(' ').includes(currency))?.[0] ?? 2;
}
