import { expect, it } from 'vitest';
import { showRounded } from '../../src/terminal/rounded.ts';

it.each([
  ['11712.245846', '11712.25', 'two places'],
  ['1.335', '1.34', 'half goes up'],
  ['0', '0', 'nothing is nothing'],
  ['0.000303', '0.0003', 'little is not read as nothing'],
  ['0.0000001', '0.0000001', 'nor with an exponent'],
  ['0.999', '1', 'up to one'],
  ['-0.0125', '-0.013', 'what was taken back'],
])('%s is read as %s: %s', (amount, shown) => {
  expect(showRounded(amount)).toBe(shown);
});
