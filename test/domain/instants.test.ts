import { describe, expect, it } from 'vitest';
import { parseInstant } from '../../src/domain/instants.ts';

describe('parseInstant', () => {
  it.each([
    ['2026-01-31', '2026-01-31T00:00:00.000Z', 'a date is its midnight in UTC'],
    ['2026-01-31T12:00Z', '2026-01-31T12:00:00.000Z', 'seconds may be left out'],
    ['2026-01-31T12:00', '2026-01-31T12:00:00.000Z', 'a time without a zone is UTC'],
    ['2026-01-31 12:00', '2026-01-31T12:00:00.000Z', 'a space in place of T'],
    ['2026-01-31t12:00z', '2026-01-31T12:00:00.000Z', 'small letters'],
    ['2026-01-31T12:00+02:00', '2026-01-31T10:00:00.000Z', 'east of Greenwich'],
    ['2026-01-31T12:00-0330', '2026-01-31T15:30:00.000Z', 'west, and half an hour, without the colon'],
    ['2026-01-01T00:30+14:00', '2025-12-31T10:30:00.000Z', 'the largest offset there is'],
    ['2026-01-31T12:00:00.123456Z', '2026-01-31T12:00:00.123Z', 'instants have milliseconds'],
    ['2026-01-31T12:00:00.5Z', '2026-01-31T12:00:00.500Z', 'one digit is tenths'],
    ['2028-02-29', '2028-02-29T00:00:00.000Z', 'a leap year'],
    ['0099-01-01', '0099-01-01T00:00:00.000Z', 'a year below 100 is not moved into the last century'],
    [' 2026-01-31 ', '2026-01-31T00:00:00.000Z', 'spaces around it'],
  ])('reads %s as %s: %s', (text, expected) => {
    expect(parseInstant(text).toISOString()).toBe(expected);
  });

  it.each([
    ['2026-02-30', 'names a day that 2026-02 does not have'],
    ['2026-02-29', 'names a day that 2026-02 does not have'],
    ['2100-02-29', 'names a day that 2100-02 does not have'],
    ['2026-04-31', 'names a day that 2026-04 does not have'],
    ['2026-01-00', 'names a day that 2026-01 does not have'],
    ['2026-13-01', 'has month 13'],
    ['2026-00-01', 'has month 00'],
    ['2026-01-01T24:00Z', 'names a time of day that does not exist'],
    ['2026-01-01T12:60Z', 'names a time of day that does not exist'],
    ['2026-12-31T23:59:60Z', 'names a time of day that does not exist'],
    ['2026-01-01T12:00+15:00', 'has an offset that no place on earth has'],
    ['2026-01-01T12:00+01:75', 'has an offset that no place on earth has'],
    ['2026-01-01T12', 'is not an ISO 8601 date or time'],
    ['2026-1-1', 'is not an ISO 8601 date or time'],
    ['01.02.2026', 'is not an ISO 8601 date or time'],
    ['yesterday', 'is not an ISO 8601 date or time'],
    ['1767225600', 'is not an ISO 8601 date or time'],
    ['', 'is not an ISO 8601 date or time'],
  ])('refuses %s because it %s', (text, why) => {
    expect(() => parseInstant(text, '--as-of')).toThrow(`The --as-of '${text}' ${why}`);
  });

  it('names the accepted forms in the hint', () => {
    const forms = expect.stringContaining('2026-01-31T12:00+02:00') as string;
    expect(() => parseInstant('noon')).toThrow(expect.objectContaining({ hint: forms }));
  });
});
