import Big from 'big.js';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type Share, roundMoney, shareOf, splitMoney, sumOf, whole } from '../../src/domain/money.ts';

const part = (amount: string, left: string, of: string): Share =>
  shareOf(whole(amount), new Big(left), new Big(of));
const less = ({ over, under }: Share): Share => ({ over: over.neg(), under });

describe('R27: rounded once, half away from zero, at the scale of the currency', () => {
  test.each([
    [part('64.995', '1', '1'), 'USD', '65'],
    [part('-64.995', '1', '1'), 'USD', '-65'],
    [part('100', '1', '3'), 'USD', '33.33'],
    [part('200', '1', '3'), 'USD', '66.67'],
    [part('100', '1', '3'), 'JPY', '33'],
    [part('100', '1', '3'), 'KWD', '33.333'],
    [part('0.01', '1', '2'), 'USD', '0.01'],
    // 20 digits of a quotient would round this one up
    [part('0.01', '49999999999999999999999', '100000000000000000000000'), 'USD', '0'],
  ])('%o in %s is %s', (share, currency, rounded) => {
    expect(roundMoney(share, currency).toFixed()).toBe(rounded);
  });
});

test('R27 G42: the credit is not rounded before the net is: 79.99 less 14.995 is 65.00', () => {
  const credit = shareOf(part('29.99', '20', '30'), new Big('750000'), new Big('1000000'));
  expect(credit.over.div(credit.under).toFixed()).toBe('14.995');
  expect(splitMoney([whole('79.99'), less(credit)], 'USD').map((line) => line.toFixed(2))).toEqual([
    '79.99',
    '-14.99',
  ]);
});

test('G41: 30.00 × 20/30 × 75,000/100,000 is 15.00, and 79.00 less that is 64.00', () => {
  const credit = shareOf(part('30.00', '20', '30'), new Big('75000'), new Big('100000'));
  const lines = splitMoney([whole('79.00'), less(credit)], 'USD');
  expect(lines.map((line) => line.toFixed(2))).toEqual(['79.00', '-15.00']);
});

it('R27: the parts sum to the rounded whole, and each is within one unit of its exact amount', () => {
  const share = fc
    .tuple(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.integer({ min: 1, max: 400 }))
    .map(([cents, under]) => ({ over: new Big(cents).div(100), under: new Big(under) }));
  fc.assert(
    fc.property(
      fc.array(share, { minLength: 1, maxLength: 6 }),
      fc.constantFrom('USD', 'JPY', 'KWD'),
      (parts, currency) => {
        const split = splitMoney(parts, currency);
        const sum = split.reduce((total, each) => total.plus(each), new Big(0));
        expect(sum.toFixed()).toBe(roundMoney(sumOf(parts), currency).toFixed());
        const unit = { USD: '0.01', JPY: '1', KWD: '0.001' }[currency]!;
        for (const [at, each] of split.entries())
          expect(
            each.times(parts[at]!.under).minus(parts[at]!.over).abs().lte(parts[at]!.under.times(unit)),
          ).toBe(true);
      },
    ),
    { seed: 27, numRuns: 2_000 },
  );
});

test('more than the whole is the whole, and of nothing nothing is left', () => {
  expect(part('10', '31', '30')).toEqual(whole('10'));
  expect(part('10', '0', '30')).toEqual(whole('0'));
  expect(part('10', '1', '0')).toEqual(whole('0'));
});
