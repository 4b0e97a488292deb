import { expect, it } from 'vitest';
import { nearest } from '../../src/domain/nearest.ts';
import { oneLine, withoutControls } from '../../src/domain/plain-text.ts';

const known = ['plans', 'pricing', 'customers', 'credits', 'credit-costs', 'id'];

it.each<[string, string | undefined, string]>([
  ['plnas', 'plans', 'two letters changed places'],
  ['plan', 'plans', 'a letter is missing'],
  ['Plans', 'plans', 'capitals'],
  ['costomers', 'customers', 'one wrong letter'],
  ['custom', 'customers', 'the beginning of one only'],
  ['credit', 'credits', 'the beginning of two: the nearer one'],
  ['xyz', undefined, 'nothing is near'],
  ['a', undefined, 'too short to guess from'],
  ['', undefined, 'nothing given'],
])('%s means %s: %s', (given, meant) => {
  expect(nearest(given, known)).toBe(meant);
});

it('text from data cannot move the cursor, colour the screen or turn the line around', () => {
  expect(oneLine('a\u001b[31mred\u001b[0m\u0007\nb\tc\u202ed\u009b')).toBe('a[31mred[0m b cd');
  expect(withoutControls('a\u001b[2J\r\nb\tc\u0000')).toBe('a[2J\nb\tc');
});
