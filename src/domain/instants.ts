import { Failure } from './failure.ts';

const form =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s?(?:([Zz])|([+-])(\d{2}):?(\d{2}))?)?$/;

const forms = 'Give 2026-01-31, 2026-01-31T12:00Z or 2026-01-31T12:00+02:00 (a time without a zone is UTC)';

/**
 * Reads an ISO 8601 date or date-time. A date alone is its midnight in UTC, a time without a zone is UTC.
 * Instants have milliseconds: further digits are cut off. Days that do not exist (2026-02-30), hour 24 and second 60 are
 * refused, as is an offset beyond 14 hours, and what is not from the year 1 to the year 9999.
 * @throws Failure usage
 */
export function parseInstant(text: string, name = 'instant'): Date {
  const parts = form.exec(text.trim());
  if (!parts) throw refused(name, text, 'is not an ISO 8601 date or time');
  const fields = [1, 2, 3, 4, 5, 6, 10, 11].map((at) => Number(parts[at] ?? 0)) as Fields;
  const fault = faultOf(fields, parts);
  if (fault) throw refused(name, text, fault);
  const [year, month, day, hour, minute, second, offsetHours, offsetMinutes] = fields;
  const ms = Number((parts[7] ?? '').padEnd(3, '0').slice(0, 3));
  const local = new Date(0);
  local.setUTCFullYear(year, month - 1, day);
  local.setUTCHours(hour, minute, second, ms);
  const offset = (parts[9] === '-' ? -1 : 1) * (offsetHours * 60 + offsetMinutes);
  const instant = local.getTime() - offset * 60_000;
  if (instant < first) throw refused(name, text, 'is before the year 1');
  if (instant >= last) throw refused(name, text, 'is after the year 9999');
  return new Date(instant);
}

/** PostgreSQL has no year 0, and a year has four digits. */
const first = new Date(0).setUTCFullYear(1, 0, 1);
const last = Date.UTC(10_000, 0);

/** Year, month, day, hour, minute and second, then hours and minutes of the offset without its sign. */
type Fields = [number, number, number, number, number, number, number, number];

/** What is wrong with a field, for the end of a sentence; undefined when each is within its bounds. */
function faultOf(fields: Fields, [, year, month]: readonly string[]): string | undefined {
  const [, , day, hour, minute, second, offsetHours, offsetMinutes] = fields;
  if (fields[1] < 1 || fields[1] > 12) return `has month ${month}`;
  if (day < 1 || day > daysIn(fields[0], fields[1])) return `names a day that ${year}-${month} does not have`;
  if (hour > 23 || minute > 59 || second > 59) return 'names a time of day that does not exist';
  if (offsetMinutes > 59 || offsetHours * 60 + offsetMinutes > 14 * 60)
    return 'has an offset that no place on earth has';
  return undefined;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function refused(name: string, text: string, why: string): Failure {
  return new Failure('usage', `The ${name} '${text}' ${why}`, { hint: forms });
}
