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

/** A value as a person reads it in a table: `-` for null, yes and no, instants with their offset, lists with commas. */
export function shownText(value: unknown, timezone?: string): string {
  if (value === null || value === undefined || value === '') return '-';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (value instanceof Date) return showInstant(value, timezone);
  if (Array.isArray(value))
    return value.length === 0 ? '-' : value.map((item) => shownText(item, timezone)).join(', ');
  return oneLine(cellText(value));
}

/** The cell of a table; large amounts of money have their thousands apart. */
export function shownCell(column: Column, row: Row, timezone?: string): string {
  const value = row[column.key];
  if (column.show) return oneLine(column.show(value, row));
  return isMoney(column.key, value) && currencyOf(row) !== undefined
    ? groupDigits(value)
    : shownText(value, timezone);
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
