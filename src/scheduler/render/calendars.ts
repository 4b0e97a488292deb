import { Failure } from '../../domain/failure.ts';
import { numbersOf } from '../convert.ts';
import type { Expression } from '../expression.ts';
import { months, named, weekdays } from '../fields.ts';

/** Calendar events of systemd. A day of the month and one of the week together mean either (cron), so they are two events. */
export function calendars(expression: Expression): string[] {
  const { minute, hour, day, month, weekday } = expression;
  const part = (field: string, end: number, first: number) => sayable(expression, field, { end, first });
  const time = `${part(hour, 24, 0)}:${part(minute, 60, 0)}:00`;
  const on = (days: string) => `*-${part(named(month, months, 1), 13, 1)}-${days} ${time}`;
  if (weekday === '*') return [on(part(day, 32, 1))];
  const week = numbersOf(named(weekday, weekdays, 0), 8);
  if (!week) throw notSayable(expression);
  const names = [...new Set(week.map((at) => at % 7))].map((at) => weekdays[at]).join();
  return [...(day === '*' ? [] : [on(part(day, 32, 1))]), `${names} ${on('*')}`];
}

function sayable(
  expression: Expression,
  field: string,
  { end, first }: { end: number; first: number },
): string {
  if (field === '*') return '*';
  const step = /^\*\/(\d+)$/.exec(field);
  if (step) return `${pad(first)}/${step[1]}`;
  const numbers = numbersOf(field, end, first);
  if (!numbers) throw notSayable(expression);
  return numbers.map(pad).join();
}

const pad = (number: number): string => String(number).padStart(2, '0');

function notSayable({ text }: Expression): Failure {
  return new Failure('refused', `The cron expression '${text}' cannot be said to systemd`, {
    hint: 'print one entry that asks the timetable every minute: --run-due',
  });
}
