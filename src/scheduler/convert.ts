import { Failure } from '../domain/failure.ts';
import { type Expression, parseExpression } from './expression.ts';
import { nextInstants } from './next.ts';
import { wallOf } from './wall-clock.ts';

const day = 86_400_000;

/**
 * The expression that is due at the same instants in the zone `to` as `cron` is in `from`, for the year that begins at `at`.
 * @throws Failure refused where there is none, because the clocks of the two zones change at different times or the day would shift
 */
export function convert(cron: string, { from, to, at }: { from: string; to: string; at: Date }): Expression {
  const expression = parseExpression(cron);
  if (from === to) return expression;
  const time = at.getTime();
  const shift = (wallOf(time, to) - wallOf(time, from)) / 60_000;
  const shifted = shift === 0 ? expression.text : moved(expression, shift);
  if (shifted === undefined || !isSame([expression.text, from], [shifted, to], time))
    throw diverging(cron, from, to);
  return parseExpression(shifted);
}

/** Moves minutes and hours; undefined when the expression cannot say it. */
function moved({ minute, hour, day: date, month, weekday }: Expression, shift: number): string | undefined {
  const days = `${date} ${month} ${weekday}`;
  const everyDay = days === '* * *';
  const minutes = numbersOf(minute, 60);
  if (hour === '*') {
    if (!everyDay || !minutes) return undefined;
    const all = minutes.map((at) => (((at + shift) % 60) + 60) % 60).sort((a, b) => a - b);
    return `${all.join() === minutes.join() ? minute : all.join()} * ${days}`;
  }
  const hours = numbersOf(hour, 24);
  if (!hours || !minutes || (minutes.length > 1 && shift % 60 !== 0)) return undefined;
  const starts = hours.map((at) => at * 60 + minutes[0]! + shift);
  if (!everyDay && starts.some((at) => at < 0 || at >= 1_440)) return undefined;
  const wrapped = starts.map((at) => ((at % 1_440) + 1_440) % 1_440);
  const later = minutes.map((at) => at - minutes[0]! + (wrapped[0]! % 60));
  const newHours = wrapped.map((at) => Math.floor(at / 60)).sort((a, b) => a - b);
  return `${minutes.length === 1 ? later[0] : minute} ${newHours.join()} ${days}`;
}

/** The numbers that a field of minutes or hours stands for, below `end`; undefined for signs of croner's own. */
export function numbersOf(field: string, end: number, first = 0): number[] | undefined {
  const found = new Set<number>();
  for (const part of field.split(',')) {
    const match = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part);
    if (!match) return undefined;
    const low = match[1] === undefined ? first : Number(match[1]);
    const high = match[1] === undefined ? end - 1 : Number(match[2] ?? match[1]);
    for (let at = low; at <= high; at += Number(match[3] ?? 1)) found.add(at);
  }
  return [...found].sort((a, b) => a - b);
}

/** Compares the instants themselves, in each quarter of the year; what runs every hour depends only on the minutes between the clocks. */
function isSame(a: [cron: string, zone: string], b: [cron: string, zone: string], from: number): boolean {
  if (/^\S+ \*/.test(a[0])) return hasOneShift(a[1], b[1], from);
  const instants = ([cron, timezone]: [string, string], quarter: number) =>
    nextInstants({ cron, timezone }, new Date(from + quarter * 91 * day), 100).join();
  return [0, 1, 2, 3].every((quarter) => instants(a, quarter) === instants(b, quarter));
}

/** Whether the clocks of two zones are the same number of minutes apart on every day of the year, whatever the hours. */
function hasOneShift(a: string, b: string, from: number): boolean {
  const shift = (at: number) => ((((wallOf(at, a) - wallOf(at, b)) / 60_000) % 60) + 60) % 60;
  return Array.from({ length: 366 }, (_, n) => shift(from + n * day)).every(
    (minutes, _, all) => minutes === all[0],
  );
}

function diverging(cron: string, from: string, to: string): Failure {
  return new Failure('refused', `'${cron}' in ${from} has no one time in ${to} that is right all year`, {
    hint: 'print one entry that asks the timetable every minute: --run-due',
  });
}
