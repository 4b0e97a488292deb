import { Cron } from 'croner';
import { Failure } from '../domain/failure.ts';
import { parseExpression } from './expression.ts';
import { instantOf, wallOf } from './wall-clock.ts';

/**
 * The first `count` instants strictly after `from` at which `cron` is due on the wall clock of `timezone`.
 *
 * Hours that are named (`0 2 * * *`, `0 0,12 * * *`) are hours of the local day: one that a clock change leaps over runs once, at the end
 * of the leap, and one that comes twice runs at its first coming. So no local day loses its run, also where the leap goes over midnight
 * (America/Nuuk). An hour of `*` follows the hours as they pass: a repeated hour runs twice.
 * @throws Failure usage for an expression that is not of five fields, cannot be read, or never comes
 */
export function nextInstants(
  { cron, timezone }: { cron: string; timezone: string },
  from: Date,
  count: number,
): Date[] {
  const expression = parseExpression(cron);
  const after = expression.hour === '*' ? hourly : daily;
  const found: Date[] = [];
  for (const at of after(expression.text, timezone, from)) {
    if (found.push(at) >= count) break;
  }
  return found;
}

/** The first of nextInstants. */
export function nextInstant(schedule: { cron: string; timezone: string }, from: Date): Date {
  const [next] = nextInstants(schedule, from, 1);
  if (!next)
    throw new Failure(
      'usage',
      `The cron expression '${schedule.cron}' is not due again after ${from.toISOString()}`,
    );
  return next;
}

/**
 * How late the run for `due` may be before it is reported as late: what the settings say (`grace`, in seconds), else half the time to the
 * next one, 12 hours at most. In milliseconds. It never decides whether the run is made up (R43).
 */
export function graceOf(
  schedule: { cron: string; timezone: string; grace?: number | null | undefined },
  due: Date,
): number {
  if (schedule.grace) return schedule.grace * 1_000;
  const period = nextInstant(schedule, due).getTime() - due.getTime();
  return Math.min(period / 2, 12 * 3_600_000);
}

function* hourly(cron: string, timezone: string, from: Date): Generator<Date> {
  const taskState = new Cron(cron, { mode: '5-part', timezone });
  for (let at = taskState.nextRun(from); at; at = taskState.nextRun(at)) yield at;
}

/** croner's own zones skip a day whose leap goes over midnight, so it counts wall times, and the wall clock makes them instants. */
function* daily(cron: string, timezone: string, from: Date): Generator<Date> {
  const taskState = new Cron(cron, { mode: '5-part', timezone: 'UTC' });
  const longestLeap = 25 * 3_600_000;
  let last = from.getTime();
  const start = new Date(wallOf(last, timezone) - longestLeap);
  for (let wall = taskState.nextRun(start); wall; wall = taskState.nextRun(wall)) {
    const at = instantOf(wall.getTime(), timezone);
    if (at <= last) continue;
    last = at;
    yield new Date(at);
  }
}
