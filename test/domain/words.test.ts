import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../src/domain/durations.ts';
import { parseInteger } from '../../src/domain/integers.ts';
import { formatInterval, parseInterval } from '../../src/domain/intervals.ts';
import { formatWindow, parseWindow } from '../../src/domain/windows.ts';

describe('intervals', () => {
  it.each(['30d', '1d', '2w', '1mo', '12mo', '1y', '100y', '36500d'])(
    '%s is read and written back',
    (text) => {
      expect(formatInterval(parseInterval(text))).toBe(text);
    },
  );
  it('reads leading zeros away', () => expect(formatInterval(parseInterval('01mo'))).toBe('1mo'));
  it.each([
    ['30', 'a unit is missing'], ['d', 'a number is missing'], ['0d', 'nothing'], ['-1d', 'negative'], ['1.5mo', 'a fraction'],
    ['1m', 'm could be minutes'], ['1 month', 'words'], ['1M', 'capitals'], ['101y', 'too long'], ['1h', 'no calendar unit'], ['', 'empty'],
  ])('%s is refused: %s', (text) => {
    expect(() => parseInterval(text, '--every')).toThrow(/^The --every '.*' is /);
  }); // prettier-ignore
});

describe('durations', () => {
  it.each([['45s', 45], ['90m', 5_400], ['36h', 129_600], ['7d', 604_800], ['2w', 1_209_600]])('%s is %i seconds', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  }); // prettier-ignore
  it.each([[5_400, '90m'], [3_600, '1h'], [86_400, '1d'], [45, '45s'], [0, '0s'], [3_661, '3661s']])('%i seconds are %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  }); // prettier-ignore
  it.each(['', '0m', '1.5h', '-5m', '90', '1mo', '1y', '3661d'])('%s is refused', (text) => {
    expect(() => parseDuration(text, '--lease')).toThrow(/^The --lease '/);
  });
});

describe('windows', () => {
  it.each([
    'hour', 'day', 'week', 'month', 'year', 'period', 'term', 'lifetime', 'each', 'session', 'every_1mo', 'every_7d', 'every_1y',
    'rolling_24h', 'rolling_31d', 'rolling_744h', 'rolling_1h',
  ])('%s is read and written back', (word) => {
    expect(formatWindow(parseWindow(word))).toBe(word);
  }); // prettier-ignore
  it.each([
    ['monthly', 'is not known'], ['Month', 'is not known'], ['per_chat', 'is not known'], ['', 'is not known'],
    ['every_', 'has an interval that is not known'], ['every_month', 'has an interval that is not known'],
    ['every_0d', 'has an interval that is not known'], ['rolling_0h', 'is empty'], ['rolling_32d', 'is longer than 31 days'],
    ['rolling_745h', 'is longer than 31 days'], ['rolling_90m', 'is not known'], ['rolling_1mo', 'is not known'],
  ])('%s is refused: it %s', (word, why) => {
    expect(() => parseWindow(word)).toThrow(`The window '${word}' ${why}`);
  }); // prettier-ignore
});

describe('whole numbers', () => {
  it.each([['0', 0], ['12', 12], ['2147483647', 2_147_483_647], [' 7 ', 7]])('%s is read', (text, number) => {
    expect(parseInteger(text)).toBe(number);
  }); // prettier-ignore
  it.each(['', '-1', '1.0', '1e3', '0x10', 'ten', '2147483648', '99999999999999999999', 'Infinity'])(
    '%s is refused',
    (text) => {
      expect(() => parseInteger(text, { name: '--limit' })).toThrow(
        `The --limit '${text}' is not a whole number from 0 to 2147483647`,
      );
    },
  );
  it('keeps to its bounds, both included', () => {
    expect([parseInteger('1', { min: 1, max: 3 }), parseInteger('3', { min: 1, max: 3 })]).toEqual([1, 3]);
    expect(() => parseInteger('4', { min: 1, max: 3 })).toThrow('from 1 to 3');
  });
});
