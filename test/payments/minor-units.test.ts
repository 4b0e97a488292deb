import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromMinorUnits, minorAsNumber, toMinorUnits } from '../../src/payments/minor-units.ts';

const cases: readonly [string, string, bigint, string][] = [
  ['29.99', 'USD', 2999n, 'G45'],
  ['79.99', 'USD', 7999n, 'G45: the float path gives 7998 (defect 78)'],
  ['0.10', 'USD', 10n, 'G45'],
  ['0.1', 'USD', 10n, 'a digit that is not written is a zero'],
  ['500', 'JPY', 500n, 'no decimals'],
  ['1000', 'KRW', 1000n, 'no decimals'],
  ['1.25', 'KWD', 1250n, 'three decimals'],
  ['12.340', 'BHD', 12340n, 'three decimals, the last one 0'],
  ['300', 'MGA', 300n, 'whole for the provider, whatever ISO says'],
  ['500', 'ISK', 50000n, 'hundredths that are whole ones'],
  ['700', 'UGX', 70000n, 'hundredths that are whole ones'],
];

it.each(cases)('%s %s is %s minor units (N15) %s', (amount, currency, minor) => {
  expect(toMinorUnits(amount, currency)).toBe(minor);
  expect(Number(fromMinorUnits(minor, currency))).toBe(Number(amount));
});

it.each([
  ['29.999', 'USD', 'An amount of 29.999 USD is not a multiple of 0.01, so it cannot be charged'],
  ['1.5', 'JPY', 'An amount of 1.5 JPY is not a multiple of 1, so it cannot be charged'],
  ['1.005', 'KWD', 'An amount of 1.005 KWD is not a multiple of 0.01, so it cannot be charged'],
  ['0.5', 'ISK', 'An amount of 0.5 ISK is not a multiple of 1, so it cannot be charged'],
  ['-1', 'USD', 'An amount of -1 USD is negative, so it cannot be charged'],
  ['99999999999', 'USD', 'An amount of 99999999999 USD has more than 12 digits, so it cannot be charged'],
])('%s %s is refused and never rounded (N15)', (amount, currency, sentence) => {
  expect(() => toMinorUnits(amount, currency)).toThrow(
    expect.objectContaining({ kind: 'refused', message: sentence }),
  );
});

it('every amount of cents goes there and back, through JSON too (N15)', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 999_999_999_999n }),
      fc.constantFrom('USD', 'EUR', 'JPY', 'MGA'),
      (minor, currency) => {
        expect(toMinorUnits(fromMinorUnits(minor, currency), currency)).toBe(minor);
        expect(BigInt(JSON.parse(JSON.stringify(minorAsNumber(minor))))).toBe(minor);
      },
    ),
    { seed: 45, numRuns: 500 },
  );
});
