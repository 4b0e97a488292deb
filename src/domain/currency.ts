import Big from 'big.js';
import { Failure } from './failure.ts';
import { nearest } from './nearest.ts';

/** The currencies of ISO 4217 that something can be priced in, and those that were withdrawn lately. */
const codes =
  'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLF CLP CNY COP CRC CUC ' +
  'CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD ' +
  'JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK ' +
  'NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND ' +
  'TOP TRY TTD TWD TZS UAH UGX USD UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG ZWL';
const currencies: readonly string[] = codes.split(' ');

/** Whether a text is the code of a currency. */
export const isCurrency = (text: string): boolean => currencies.includes(text);

/** Why a text is no currency, and what was probably meant; undefined where it is one. Small letters are none. */
export function currencyFault(text: string): { reason: string; hint: string } | undefined {
  if (currencies.includes(text)) return undefined;
  const near = nearest(text, currencies);
  const what = /^[A-Za-z]{3}$/.test(text)
    ? 'is no currency of ISO 4217'
    : 'is not a currency code of three letters';
  return {
    reason: `${what}${near === undefined ? '' : `, did you mean ${near}?`}`,
    hint: 'Give a code of ISO 4217, such as USD or EUR',
  };
}

/** A currency that somebody gave as `name`. @throws Failure usage for what ISO 4217 does not know, with the nearest that it does */
export function readCurrencyCode(text: string, name: string): string {
  const fault = currencyFault(text);
  if (fault === undefined) return text;
  throw new Failure('usage', `The ${name} '${text}' ${fault.reason}`, { hint: fault.hint });
}

/** What is to be noted of a price that has more digits than its currency; undefined where it has not. */
export function finerPriceNote({
  amount,
  currency,
  interval,
}: {
  amount: string | null;
  currency: string;
  interval: string;
}): string | undefined {
  const scale = scaleOf(currency);
  if (amount === null || new Big(amount).round(scale).eq(amount)) return undefined;
  const digits = scale === 0 ? 'no digits' : `${scale} digits`;
  return `The price ${amount} ${currency} per ${interval} is finer than ${currency}, which has ${digits} after the point: each invoice is rounded`;
}

/** Where ISO 4217 has other than two digits after the point. What a machine's locale data say differs from it: forint have 2. */
const scales: readonly (readonly [scale: number, codes: string])[] = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [4, 'CLF UYW'],
];

/** How many of them providers charge in: dinars in steps of ten fils, ariary whole. The engine has the same as subctl_internal.invoice_scale. */
export const chargedScaleOf = (currency: string): number =>
  currency === 'MGA' ? 0 : Math.min(2, scaleOf(currency));

/**
 * How many digits after the point a currency has (ISO 4217): 2 for USD, 0 for JPY, 3 for KWD; 2 for unknown codes. The engine
 * has the same as subctl_internal.currency_scale.
 */
export function scaleOf(currency: string): number {
  return scales.find(([, codes]) => codes.split(' ').includes(currency))?.[0] ?? 2;
}
