import { expect, it } from 'vitest';
import { filesIn, findIn } from './sources.ts';

/** Numbers made of text that are no amounts: counts, years, ports. Each file with its reason. */
const reasons: Record<string, string> = {
  'src/backup/clients.ts': 'the major version of a program',
  'src/backup/count.ts': 'how many rows a table has',
  'src/commands/daemon/listen-address.ts': 'a port',
  'src/daemon/notify.ts': 'microseconds and a process id of the service manager',
  'src/commands/schedule/check-account.ts': 'ids of an account',
  'src/commands/serve/serve.ts': 'a port',
  'src/domain/durations.ts': 'seconds',
  'src/domain/instants.ts': 'parts of a date',
  'src/domain/integers.ts': 'whole numbers within bounds that a double holds exactly',
  'src/domain/intervals.ts': 'counts of units, at most 36,500',
  'src/domain/kept.ts': 'whether a number of JSON is one that a double holds',
  'src/domain/times.ts': 'counts of units and quarters, at most five digits',
  'src/domain/windows.ts': 'hours and days, at most 744',
  'src/library/calls/fields.ts': 'counts of a request, at most nine digits',
  'src/privacy/retention.ts': 'days and months of a setting',
  'src/stripe-sync/sold-prices.ts': 'counts of units, at most 9,999',
  'src/scheduler/fields.ts': 'numbers of a cron expression',
  'src/payments/minor-units.ts':
    'whole minor units below a billion millions, as the provider’s JSON has them',
  'src/payments/stripe-http.ts': 'seconds of a Retry-After header, at most 60',
  'src/payments/webhook-signature.ts': 'the seconds of a signature',
  'src/terminal/terminal.ts': 'columns of a terminal and levels of colour',
  'src/terminal/values.ts': 'hours and minutes of an offset',
  'src/usage/project-credits.ts': 'whole seconds until an instant',
  'src/scheduler/convert.ts': 'minutes and hours of a cron expression',
  'src/stripe-sync/discount-steps.ts': 'a percentage, which Stripe’s interface has as a number',
  'src/scheduler/wall-clock.ts': 'parts of a wall clock',
  'src/scheduler/render/windows.ts': 'minutes of a cron expression',
};

const float =
  /\bparseFloat\(|\bNumber\.parseFloat\(|\.toNumber\(\)|\bMath\.(round|floor|ceil)\([^)]*(amount|price|cost|balance|minor|total)/i;
const number = /(?<![\w.])Number\(|\bparseInt\(/;
const sources = filesIn('src', '.ts');
/** What is read here are ports, process ids and version numbers; no amount comes by as text that would have to be calculated with. */
const withoutAmounts = /^src\/(config|database)\//;
/** SQL functions in which a float is no amount, each with its reason. */
const sqlReasons: Record<string, string> = {
  'drizzle/engine/time/anchored_bounds.sql':
    'a number of days divided for a first guess, which is then corrected exactly',
  'drizzle/engine/api/explain_event.sql': 'seconds since 1970, as in limit_heads',
  'drizzle/engine/integrity/integrity_window_rows.sql': 'seconds since 1970, as in limit_heads',
  'drizzle/engine/rolling/read_rolled.sql': 'seconds since 1970, as in limit_heads',
  'drizzle/engine/usage/limit_heads.sql': 'seconds since 1970, which to_timestamp wants as a float',
};

it('no amount passes through a float', () => {
  expect(
    sources.flatMap((file) => findIn(file, float)),
    'Amounts are numeric in SQL, decimal strings, and Big where TypeScript must calculate',
  ).toEqual([]);
});

it('text becomes a number only where a reason is written', () => {
  const wrong = sources
    .filter((file) => !reasons[file] && !withoutAmounts.test(file))
    .flatMap((file) => findIn(file, number));
  expect(
    wrong,
    'If it is a count, write the reason in this test; if it is an amount, leave it a string or make it a Big',
  ).toEqual([]);
});

it('every reason is still needed', () => {
  expect(
    Object.keys(reasons).filter((file) => !sources.includes(file) || findIn(file, number).length === 0),
  ).toEqual([]);
});

it('no column of an amount is a float', () => {
  const columns = filesIn('src/database', '.ts').flatMap((file) =>
    findIn(file, /\b(real|doublePrecision)\(/),
  );
  const sql = filesIn('drizzle', '.sql')
    .filter((file) => !sqlReasons[file])
    .flatMap((file) => findIn(file, /\b(double precision|float8|float4|real)\b/i));
  expect([...columns, ...sql], 'numeric, whatever it holds: a float here becomes a wrong invoice').toEqual(
    [],
  );
});
