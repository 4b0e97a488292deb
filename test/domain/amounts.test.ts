import { describe, expect, it } from 'vitest';
import { parseAmount } from '../../src/domain/amounts.ts';

describe('parseAmount', () => {
  it.each([
    ['12', '12', 'a whole number'],
    ['1.50', '1.50', 'the scale is kept'],
    ['-5.00', '-5.00', 'negative'],
    ['007.10', '7.10', 'leading zeros go'],
    ['0.0000125', '0.0000125', 'small ones never become exponents'],
    ['99999999999999999999', '99999999999999999999', 'twenty digits, far beyond a double'],
    ['0.123456789012345678', '0.123456789012345678', 'eighteen digits after the point'],
    ['-0', '0', 'there is one zero'],
    ['-0.00', '0.00', 'and it has no sign'],
    [' 3 ', '3', 'spaces around it'],
  ])('reads %s as %s: %s', (text, expected) => {
    expect(parseAmount(text)).toBe(expected);
  });

  it.each([
    ['', 'is empty'],
    ['1e5', 'is not a plain decimal number'],
    ['NaN', 'is not a plain decimal number'],
    ['Infinity', 'is not a plain decimal number'],
    ['1,000.00', 'is not a plain decimal number'],
    ['1.000,00', 'is not a plain decimal number'],
    ['+5', 'is not a plain decimal number'],
    ['.5', 'is not a plain decimal number'],
    ['5.', 'is not a plain decimal number'],
    ['0x10', 'is not a plain decimal number'],
    ['$5', 'is not a plain decimal number'],
    ['--5', 'is not a plain decimal number'],
    ['100000000000000000000', 'has more than 20 digits before the point'],
    ['0.1234567890123456789', 'has more than 18 digits after the point'],
  ])('refuses %s: it %s', (text, why) => {
    expect(() => parseAmount(text)).toThrow(`The amount '${text}' ${why}`);
  });

  it('keeps to a lower bound, which is included', () => {
    expect(parseAmount('0', { min: '0' })).toBe('0');
    expect(() => parseAmount('-0.01', { min: '0', name: '--quantity' })).toThrow(
      "The --quantity '-0.01' is negative",
    );
    expect(() => parseAmount('0.5', { min: '1' })).toThrow("The amount '0.5' is less than 1");
  });

  it('keeps to a scale', () => {
    expect(parseAmount('0.05', { scale: 2 })).toBe('0.05');
    expect(() => parseAmount('0.055', { scale: 2 })).toThrow('has more than 2 digits after the point');
  });
});
