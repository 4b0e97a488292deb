import { expect, test } from 'vitest';
import { convert } from '../../src/scheduler/convert.ts';

const at = new Date('2026-01-01T00:00:00Z');

test.each([
  ['the same zone', '30 2 * * *', 'Europe/Berlin', 'Europe/Berlin', '30 2 * * *'],
  ['a zone with the same clock', '30 2 * * *', 'Europe/Berlin', 'Europe/Paris', '30 2 * * *'],
  ['no clock changes in either', '0 1 * * *', 'Asia/Kolkata', 'UTC', '30 19 * * *'],
  ['over midnight, every day', '0 22 * * *', 'UTC', 'Asia/Tokyo', '0 7 * * *'],
  ['clock changes at one instant in both', '0 9 * * *', 'Europe/Berlin', 'Europe/Helsinki', '0 10 * * *'],
  ['every hour, half an hour apart', '0 * * * *', 'UTC', 'Asia/Kolkata', '30 * * * *'],
  ['every hour, with clock changes of whole hours', '15 * * * *', 'Europe/Berlin', 'UTC', '15 * * * *'],
  ['every five minutes', '*/5 * * * *', 'Asia/Kolkata', 'UTC', '*/5 * * * *'],
  ['every minute', '* * * * *', 'America/New_York', 'UTC', '* * * * *'],
  ['several hours', '0 6,18 * * *', 'UTC', 'Asia/Tokyo', '0 3,15 * * *'],
  ['some days, when the day stays the same', '0 9 * * 1-5', 'UTC', 'Asia/Tokyo', '0 18 * * 1-5'],
  ['several minutes, whole hours apart', '0,30 6 * * *', 'UTC', 'Asia/Tokyo', '0,30 15 * * *'],
])('%s: %s of %s in %s is %s', (_, cron, from, to, want) => {
  expect(convert(cron, { from, to, at }).text).toBe(want);
});

test.each([
  ['clock changes in one of them', '0 2 * * *', 'Europe/Berlin', 'UTC'],
  ['clock changes on different days', '0 9 * * *', 'Europe/Berlin', 'America/New_York'],
  ['the day would change', '0 20 1 * *', 'UTC', 'Asia/Tokyo'],
  ['half-hour clock changes', '0 * * * *', 'Australia/Lord_Howe', 'UTC'],
])('refused, with --run-due as the way out: %s', (_, cron, from, to) => {
  expect(() => convert(cron, { from, to, at })).toThrow(
    expect.objectContaining({ kind: 'refused', hint: expect.stringContaining('--run-due') as string }),
  );
});
