import { Cron } from 'croner';
import { Failure } from '../domain/failure.ts';

const fieldNames = ['minute', 'hour', 'day of the month', 'month', 'day of the week'] as const;
const hint =
  "Give five fields, minute hour day month weekday: '0 2 * * *' is 02:00 every day, '*/5 * * * *' every five minutes, '30 6 * * 1-5' 06:30 on weekdays";

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
 * Reads a cron expression of five fields. Seconds, nicknames (`@daily`) and dates that never come (30 February) are refused.
 * @throws Failure usage
 */
export function parseExpression(text: string, name = 'cron expression'): Expression {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== fieldNames.length || fields[0] === '')
    throw refused(name, text, `has ${fields[0] === '' ? 0 : fields.length} fields and not five`);
  const [minute, hour, day, month, weekday] = fields as [string, string, string, string, string];
  const joined = fields.join(' ');
  if (!comes(joined, name)) throw refused(name, text, 'names a date that never comes');
  return { text: joined, minute, hour, day, month, weekday };
}

function comes(text: string, name: string): boolean {
  try {
    return new Cron(text, { mode: '5-part', timezone: 'UTC' }).nextRun(new Date(0)) !== null;
  } catch (error) {
    throw refused(name, text, `cannot be read: ${(error as Error).message.replace(/^CronPattern: /, '')}`);
  }
}

function refused(name: string, text: string, why: string): Failure {
  return new Failure('usage', `The ${name} '${text}' ${why}`, { hint });
}

export const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A field with its names as numbers; `first` is the number of the first name. */
export function named(field: string, names: readonly string[], first: number): string {
  return field.replace(/[a-z]{3}/gi, (name) => {
    const at = names.findIndex((known) => known.toLowerCase() === name.toLowerCase());
    return at < 0 ? name : String(at + first);
  });
}
