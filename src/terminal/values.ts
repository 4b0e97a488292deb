import { currencyOf, isMoney } from '../domain/currency-digits.ts';
import { groupDigits } from '../domain/group-digits.ts';
import { oneLine } from '../domain/plain-text.ts';
import type { Column, Row } from './outcome.ts';

/** A value as a machine reads it in one cell: decimal strings untouched, instants in UTC, nothing for null, JSON for the rest. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'object') return JSON.stringify(value, jsonValue);
  return String(value);
}

/** A value as a person reads it in a table: `-` for null, yes and no, instants with their offset (and how far from `now`), lists with commas. */
export function shownText(value: unknown, timezone?: string, now?: Date): string {
  if (value === null || value === undefined || value === '') return '-';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (value instanceof Date)
    return now ? `${showInstant(value, timezone)} (${distance(value, now)})` : showInstant(value, timezone);
  if (Array.isArray(value))
    return value.length === 0 ? '-' : value.map((item) => shownText(item, timezone)).join(', ');
  return oneLine(cellText(value));
}

/** The cell of a table; large amounts of money have their thousands apart. */
export function shownCell(column: Column, row: Row, timezone?: string, now?: Date): string {
  const value = row[column.key];
  if (column.show) return oneLine(column.show(value, row));
  return isMoney(column.key, value) && currencyOf(row) !== undefined
    ? groupDigits(value)
    : shownText(value, timezone, now);
}

/**
 * An instant for people: `2026-01-31 12:00Z`, or with the wall clock and offset of `timezone`: `2026-01-31 13:00+01:00`.
 * Seconds appear when there are any.
 */
export function showInstant(instant: Date, timezone = 'UTC'): string {
  const seconds = instant.getUTCSeconds() + instant.getUTCMilliseconds() > 0;
  const offset = timezone === 'UTC' ? 0 : offsetMinutes(instant, timezone);
  const local = new Date(instant.getTime() + offset * 60_000).toISOString();
  const time = seconds ? local.slice(11, 19) : local.slice(11, 16);
  return `${local.slice(0, 10)} ${time}${timezone === 'UTC' ? 'Z' : offsetText(offset)}`;
}

const steps = [
  { ms: 60_000, from: 0, unit: 'min' },
  { ms: 3_600_000, from: 90 * 60_000, unit: 'h' },
  { ms: 86_400_000, from: 36 * 3_600_000, unit: 'days' },
  { ms: 30.436_875 * 86_400_000, from: 60 * 86_400_000, unit: 'months' },
  { ms: 365.2425 * 86_400_000, from: 730 * 86_400_000, unit: 'years' },
];

/** How far an instant is from now, for people: `in 3 days`, `2 h ago`, `now` within half a minute. */
export function distance(instant: Date, now: Date): string {
  const away = Math.abs(instant.getTime() - now.getTime());
  if (away < 30_000) return 'now';
  const { ms, unit } = steps.findLast(({ from }) => away >= from)!;
  const text = `${Math.round(away / ms)} ${unit}`;
  return instant > now ? `in ${text}` : `${text} ago`;
}

/** The day of an instant in UTC, for tables in which the hour says nothing: other formats have all of it. */
export function showDay(value: unknown): string {
  return value instanceof Date ? value.toISOString().slice(0, 10) : shownText(value);
}

/** The same for what mostly begins at midnight: the whole instant where it does not. */
export function showMidnight(value: unknown): string {
  const isMidnight = value instanceof Date && value.getTime() % 86_400_000 === 0;
  return isMidnight ? showDay(value) : shownText(value);
}

function offsetMinutes(instant: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(
    instant,
  );
  const named = /GMT([+-])(\d{2}):(\d{2})/.exec(
    parts.find(({ type }) => type === 'timeZoneName')?.value ?? '',
  );
  return named ? (named[1] === '-' ? -1 : 1) * (Number(named[2]) * 60 + Number(named[3])) : 0;
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  const two = (number: number) => String(number).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** Replacer for JSON.stringify: integers beyond a double stay exact, as text. */
export function jsonValue(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
