import { settingSpecs } from '../config/keys.ts';
import { exitCodeOf, failureKinds, meaningOf } from '../domain/failure.ts';
import { type Line, fold, page, section } from './help-text.ts';

/** The pages of `subctl help <topic>`. */
export const topics: Record<string, () => string> = {
  'exit-codes': exitCodes,
  environment,
  formats,
  lists,
  times,
};

function exitCodes(): string {
  const lines = failureKinds.map((kind): Line => [String(exitCodeOf(kind)), meaningOf(kind)]);
  return page(
    section('Exit codes', [['0', 'success, also when there was nothing to do'], ...lines]),
    fold(
      'Commands that check something (usage check, can-use, doctor, plans diff) exit 0 for yes or healthy, and 4 for no or unhealthy. Any other code means that the check itself failed. A task that is already running elsewhere exits 8.',
      0,
    ),
    fold('Retry only exit code 6. JSON errors have the kind in "code".', 0),
  );
}

function environment(): string {
  return page(
    section(
      'Settings',
      settingSpecs.map(({ variables, about }): Line => [variables.join(', '), about]),
    ),
    section('The program', [
      ['SUBCTL_CONFIG', 'the settings file, like --config'],
      ['NO_COLOR, FORCE_COLOR', 'disable or force colors when not empty; --no-color takes precedence'],
      [
        'SUBCTL_PAGER, PAGER',
        'shows tables that are longer than the screen (less); empty or cat: nothing does',
      ],
      ['COLUMNS', 'width of tables when stdout is not a terminal (default: 80)'],
      ['CI', 'when set, there are no prompts'],
    ]),
    fold(
      'Order of precedence: flags, the environment, .env, subctl.yaml. `subctl config show` prints the source of each setting.',
      0,
    ),
    fold('DATABASE_URL_FILE may name a file that contains the database URL.', 0),
  );
}

function formats(): string {
  return page(
    section('Formats', [
      ['table', 'for people; the default, also in a pipe'],
      ['json', 'one array or object with keys in snake_case; same as --json'],
      ['ndjson', 'one object per line, streamed'],
      ['csv', 'RFC 4180 with CRLF, streamed; null is empty, an empty string is ""'],
      ['tsv', 'tabs and LF; values escape \\t \\n \\r \\\\'],
      ['markdown', 'a table for a README or an issue'],
      ['html', 'one file without scripts, ready to print'],
    ]),
    fold(
      'Amounts are decimal strings with a point in every locale. Times are ISO 8601 in UTC; tables show 2026-01-31 12:00Z or a local time with its offset.',
      0,
    ),
    fold(
      'In csv and tsv, text that a spreadsheet would run as a formula gets a leading apostrophe, and so does such a line inside a text. Numbers such as -5.00 do not. --no-csv-guard turns this off. Files of rejected rows (--rejects) have no guard, so that they can be imported again.',
      0,
    ),
    fold('--fields selects and orders fields in every format. --output writes the file atomically.', 0),
    fold(
      'Times in input are 2026-01-31, 2026-01-31T12:00Z or 2026-01-31T12:00+02:00. A date means midnight UTC, and a time without an offset is UTC. See: subctl help times',
      0,
    ),
  );
}

function lists(): string {
  return page(
    section('Lists', [
      ['--sort FIELD', 'sort by a field of the result, or FIELD:desc; a second --sort breaks ties'],
      ['--filter FIELD=VALUE', 'only matching rows; with several filters, rows that match all'],
      ['--limit N', 'maximum number of rows, after --filter and --sort'],
      ['--jq EXPRESSION', "filter the JSON output with a jq expression: --jq '.[] | .id'"],
      ['--watch N', 'repeat every N seconds until Ctrl-C'],
    ]),
    section('Operators of --filter', [
      ['= !=', 'equal or not; numbers by value (10 = 10.0)'],
      ['~ !~', 'contains or not; case-insensitive'],
      ['> >= < <=', 'numbers by value, others as text; times are 2026-01-31T12:00:00.000Z'],
      ['FIELD=', 'empty; FIELD!= not empty'],
    ]),
    fold(
      'The fields are the keys of --json. --sort and --filter read the whole list. Tables longer than the screen go through the pager (SUBCTL_PAGER, PAGER, less).',
      0,
    ),
  );
}

function times(): string {
  return page(
    section('Times', [
      ['2026-01-31T12:00Z', 'ISO 8601; an offset such as +02:00 may replace Z'],
      ['2026-01-31', 'the start of the day; like a time without an offset, in UTC or in the zone of --tz'],
      ['now', 'the current time: --as-of, else the clock of the database'],
      ['today', 'the start of the day; also yesterday and tomorrow'],
      [
        'this-month',
        'the start of the month; also last-month, next-month, and the same for week (Monday), quarter and year',
      ],
      ['-2h, 30d', 'this long ago; units are s, m, h, d, w, mo and y'],
      ['+7d', 'in the future; --until and --expires also accept 7d'],
    ]),
    section('Spans', [
      ['--from, --to', 'from is included, to is not'],
      ['--period', 'a whole period: 2026, 2026-Q1, 2026-01, 2026-01-31 or a word such as last-month'],
      ['--last', 'a span that ends now: 24h, 30d, 6mo'],
    ]),
    fold(
      'Words and relative times use the zone of --tz, else the timezone setting. Days, weeks, months and years keep the local time across clock changes; hours are exact. Tables show times in the zone of --tz; other formats use UTC.',
      0,
    ),
  );
}
