import { expect, it } from 'vitest';
import { guarded } from '../../src/terminal/formats/csv.ts';

it.each([
  ['-5.00', '-5.00', 'numbers are left alone'],
  ['12', '12', 'numbers are left alone'],
  ['-0.001', '-0.001', 'numbers are left alone'],
  ['ann', 'ann', 'plain text'],
  ['a=b', 'a=b', 'a sign inside'],
  ['', '', 'nothing'],
  ['=1+1', "'=1+1", 'a formula'],
  [' =1', "' =1", 'after a space'],
  ['\u00a0=1', "'\u00a0=1", 'after a space that does not break'],
  ['\ufeff=1', "'\ufeff=1", 'after a byte order mark'],
  ['\n=1', "'\n=1", 'after a line break'],
  ['+49 30 1234', "'+49 30 1234", 'a telephone number too'],
  ['+5', "'+5", 'a sum'],
  ['-5-3', "'-5-3", 'a difference is no number'],
  ['-cmd', "'-cmd", 'minus'],
  ['@sum(a1)', "'@sum(a1)", 'at'],
  ['|calc', "'|calc", 'a pipe'],
  ['%0a', "'%0a", 'a percent sign'],
  ['\tx', "'\tx", 'a tab'],
  ['\rx', "'\rx", 'a carriage return'],
  ['＝1', "'＝1", 'full width signs'],
  ['＠x', "'＠x", 'full width signs'],
])('%j is written as %j: %s', (text, expected) => {
  expect(guarded(text)).toBe(expected);
});

it('what is no text is left alone', () => {
  expect([guarded(-5), guarded(null), guarded(true)]).toEqual([-5, null, true]);
});
