import { describe, expect, it } from 'vitest';
import { parseTimezone, timezoneForm } from '../../src/domain/timezones.ts';

describe('parseTimezone (R4)', () => {
  it.each([
    ['Europe/Berlin', 'Europe/Berlin', 'as it is'],
    ['europe/berlin', 'Europe/Berlin', 'in its usual capitals'],
    ['AMERICA/NEW_YORK', 'America/New_York', 'in its usual capitals'],
    ['America/Argentina/Buenos_Aires', 'America/Argentina/Buenos_Aires', 'three parts'],
    ['America/Port-au-Prince', 'America/Port-au-Prince', 'a hyphen'],
    ['Asia/Kolkata', 'Asia/Kolkata', 'an alias stays what was meant'],
    ['asia/kolkata', 'Asia/Kolkata', 'an alias gets capitals'],
    ['utc', 'UTC', 'UTC is a zone'],
    ['Etc/UTC', 'UTC', 'under each of its names'],
    [' UTC ', 'UTC', 'spaces around it'],
  ])('reads %s as %s: %s', (text, expected) => {
    expect(parseTimezone(text)).toBe(expected);
    expect(parseTimezone(text)).toMatch(timezoneForm);
  });

  it.each([
    ['+02:00', 'is a fixed offset, which knows no summer time'],
    ['-0300', 'is a fixed offset, which knows no summer time'],
    ['UTC+2', 'is a fixed offset, which knows no summer time'],
    ['GMT-5', 'is a fixed offset, which knows no summer time'],
    ['Etc/GMT-2', 'is a fixed offset, which knows no summer time'],
    ['CET', 'is not the IANA name of a place'],
    ['Berlin', 'is not the IANA name of a place'],
    ['', 'is not the IANA name of a place'],
    ['Europe/Berlin; drop', 'is not the IANA name of a place'],
    ['Europe/Atlantis', 'is not known'],
    ['../etc/passwd', 'is not the IANA name of a place'],
  ])('refuses %s: it %s', (text, why) => {
    expect(() => parseTimezone(text, '--timezone')).toThrow(`The --timezone '${text}' ${why}`);
  });
});
