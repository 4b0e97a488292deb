import { Cron } from 'croner';
import { Failure } from '../domain/failure.ts';
import { faultOfFields } from './fields.ts';

const hint =
  "Give five fields, minute hour day month weekday: '0 2 * * *' is 02:00 every day, '*/5 * * * *' every five minutes, '30 6 * * 1-5' 06:30 on weekdays";

/** The macros of cron, and the fields that they stand for. Weeks begin on Sunday, as in cron. */
export const macros: ReadonlyMap<string, string> = new Map([
  ['@hourly', '0 * * * *'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@weekly', '0 0 * * 0'],
  ['@monthly', '0 0 1 * *'],
  ['@yearly', '0 0 1 1 *'],
]);

/** A cron expression that is known to come, in its five fields. */
export interface Expression {
  /** the fields with one space between them */
  text: string;
  minute: string;
  hour: string;
  day: string;
  month: string;
  weekday: string;
}

/**
 * Reads a cron expression of five fields, or a macro of cron, which becomes its five fields. `?` as a day is `*`. Seconds and dates that
 * never come (30 February) are refused.
 * @throws Failure usage that names the field and the value
 */
export function parseExpression(text: string, name = 'cron expression'): Expression {
  const given = text.trim();
  if (given.startsWith('@') && !macros.has(given.toLowerCase()))
    throw refused(name, text, `is no macro that is known: ${[...macros.keys()].join(', ')}`);
  const fields = (macros.get(given.toLowerCase()) ?? given).split(/\s+/);
  if (fields.length !== 5 || fields[0] === '')
    throw refused(name, text, `has ${fields[0] === '' ? 0 : fields.length} fields and not five`);
  const fault = faultOfFields(fields);
  if (fault) throw refused(name, text, `cannot be read: ${fault}`);
  const [minute, hour, day, month, weekday] = fields.map((field) => (field === '?' ? '*' : field)) as Five;
  const joined = [minute, hour, day, month, weekday].join(' ');
  if (!comes(joined, { name, text })) throw refused(name, text, 'names a date that never comes');
  return { text: joined, minute, hour, day, month, weekday };
}

type Five = [string, string, string, string, string];

function comes(joined: string, { name, text }: { name: string; text: string }): boolean {
  try {
    return new Cron(joined, { mode: '5-part', timezone: 'UTC' }).nextRun(new Date(0)) !== null;
  } catch (error) {
    throw refused(name, text, `cannot be read: ${(error as Error).message.replace(/^CronPattern: /, '')}`);
  }
}

function refused(name: string, text: string, why: string): Failure {
  return new Failure('usage', `The ${name} '${text}' ${why}`, { hint });
}
