import { describe, expect, it } from 'vitest';
import { TimeExpression, parseLast, parsePeriod, parseTime } from '../../src/domain/times.ts';

/** A Wednesday, 00:30 on the 16th in Berlin, the evening of the 15th in New York. */
const now = new Date('2026-09-15T22:30:00.250Z');

const resolve = async (text: string, timezone = 'UTC', at = now, unsigned?: 'ahead') => {
  const read = parseTime(text, '--from', unsigned);
  return (read instanceof TimeExpression ? await read.resolve({ now: at, timezone }) : read).toISOString();
};

describe('parseTime', () => {
  it.each([
    ['now', 'UTC', '2026-09-15T22:30:00.250Z'],
    ['today', 'UTC', '2026-09-15T00:00:00.000Z'],
    ['TODAY', 'Europe/Berlin', '2026-09-15T22:00:00.000Z'],
    ['yesterday', 'Europe/Berlin', '2026-09-14T22:00:00.000Z'],
    ['tomorrow', 'America/New_York', '2026-09-16T04:00:00.000Z'],
    ['this-week', 'UTC', '2026-09-14T00:00:00.000Z'],
    ['this-month', 'Europe/Berlin', '2026-08-31T22:00:00.000Z'],
    ['last-month', 'UTC', '2026-08-01T00:00:00.000Z'],
    ['next-month', 'UTC', '2026-10-01T00:00:00.000Z'],
    ['this-quarter', 'UTC', '2026-07-01T00:00:00.000Z'],
    ['last-quarter', 'UTC', '2026-04-01T00:00:00.000Z'],
    ['this-year', 'Europe/Berlin', '2025-12-31T23:00:00.000Z'],
    ['last-year', 'UTC', '2025-01-01T00:00:00.000Z'],
    ['30d', 'UTC', '2026-08-16T22:30:00.250Z'],
    ['-2h', 'UTC', '2026-09-15T20:30:00.250Z'],
    ['+7d', 'UTC', '2026-09-22T22:30:00.250Z'],
    ['6mo', 'UTC', '2026-03-15T22:30:00.250Z'],
    ['1y', 'UTC', '2025-09-15T22:30:00.250Z'],
    ['2026-01-31', 'Europe/Berlin', '2026-01-30T23:00:00.000Z'],
    ['2026-01-31 12:00', 'Asia/Kolkata', '2026-01-31T06:30:00.000Z'],
    ['2026-01-31T12:00Z', 'Asia/Kolkata', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00-03:30', 'Asia/Kolkata', '2026-01-31T15:30:00.000Z'],
  ])('reads %s in %s', async (text, timezone, expected) => {
    expect(await resolve(text, timezone)).toBe(expected);
  });

  it('days keep the wall clock over a change of summer time, hours are exact', async () => {
    const after = new Date('2026-10-25T12:00Z'); // 13:00 in Berlin, since this morning without summer time
    expect(await resolve('1d', 'Europe/Berlin', after)).toBe('2026-10-24T11:00:00.000Z');
    expect(await resolve('24h', 'Europe/Berlin', after)).toBe('2026-10-24T12:00:00.000Z');
  });

  it('R4: a time in a gap moves forward by the gap, a repeated one is the first', async () => {
    expect(await resolve('2026-03-29T02:30', 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z');
    expect(await resolve('2026-10-25T02:30', 'Europe/Berlin')).toBe('2026-10-25T00:30:00.000Z');
  });

  it('the 31st less a month is the last day of the shorter one', async () => {
    expect(await resolve('1mo', 'UTC', new Date('2026-03-31T10:00Z'))).toBe('2026-02-28T10:00:00.000Z');
  });

  it('a distance without a sign lies ahead where the option does', async () => {
    expect(await resolve('7d', 'UTC', now, 'ahead')).toBe('2026-09-22T22:30:00.250Z');
    expect(await resolve('-7d', 'UTC', now, 'ahead')).toBe('2026-09-08T22:30:00.250Z');
  });

  it.each(['soon', 'last month', '30', 'd', '1.5d', '--2h', '99999y', ''])('refuses %s', async (text) => {
    await expect((async () => resolve(text))()).rejects.toThrow(
      expect.objectContaining({
        kind: 'usage',
        message: expect.stringContaining(`The --from '${text}'`) as string,
      }),
    );
  });
});

describe('parsePeriod', () => {
  const span = async (text: string, timezone = 'UTC') => {
    const { from, to } = await parsePeriod(text).resolve({ now, timezone });
    return [from.toISOString(), to.toISOString()].map((at) => at.replace(':00.000Z', ''));
  };

  it.each([
    ['2026', 'UTC', '2026-01-01T00:00', '2027-01-01T00:00'],
    ['2026-Q4', 'UTC', '2026-10-01T00:00', '2027-01-01T00:00'],
    ['2026-02', 'Europe/Berlin', '2026-01-31T23:00', '2026-02-28T23:00'],
    ['2026-10-25', 'Europe/Berlin', '2026-10-24T22:00', '2026-10-25T23:00'],
    ['last-month', 'Europe/Berlin', '2026-07-31T22:00', '2026-08-31T22:00'],
    ['yesterday', 'UTC', '2026-09-14T00:00', '2026-09-15T00:00'],
  ])('%s in %s', async (text, timezone, from, to) => {
    expect(await span(text, timezone)).toEqual([from, to]);
  });

  it.each(['2026-13', '2026-Q5', '26', 'now', '2026-02-30', 'month'])('refuses %s', (text) => {
    expect(() => parsePeriod(text, '--period')).toThrow(`The --period '${text}'`);
  });
});

describe('parseLast', () => {
  it.each(['30d', '24h', '6mo'])('reads %s', (text) => {
    expect(parseLast(text)).toBeInstanceOf(TimeExpression);
  });
  it.each(['-30d', '+7d', '2026-01-31', 'today'])('refuses %s', (text) => {
    expect(() => parseLast(text, '--last')).toThrow(`The --last '${text}' is not a length of time`);
  });
});
