import { settingSpecs } from '../config/keys.ts';
import { exitCodeOf, failureKinds, meaningOf } from '../domain/failure.ts';
import { type Line, fold, page, section } from './help-text.ts';

/** The pages of `subctl help <topic>` that belong to no command. */
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
    section('Exit codes', [['0', 'done (also: nothing to do)'], ...lines]),
    fold(
      'Commands that check something (usage check, can-use, doctor, plans diff) exit 0 for yes or healthy and 4 for no or found; anything else means that they could not tell. A task that finds another run at work exits 8.',
      0,
    ),
    fold('Only 6 is worth trying again as it is. The JSON of an error names the kind in its "code".', 0),
  );
}

function environment(): string {
  return page(
    section(
      'Settings',
      settingSpecs.map(({ variables, about }): Line => [variables.join(', '), about]),
    ),
    section('The program', [
      ['SUBCTL_CONFIG', 'the file of settings in place of subctl.yaml, as --config'],
      ['NO_COLOR, FORCE_COLOR', 'colours off or on, when not empty; --no-color wins'],
      [
        'SUBCTL_PAGER, PAGER',
        'shows tables that are longer than the screen (less); empty or cat: nothing does',
      ],
      ['COLUMNS', 'width of tables where stdout is no terminal (default: 80)'],
      ['CI', 'when set, nothing is ever asked'],
    ]),
    fold(
      'A flag wins over the environment, the environment over .env, .env over subctl.yaml. `subctl config show` says where each setting came from.',
      0,
    ),
    fold('The database URL may also stand in a file that DATABASE_URL_FILE names.', 0),
  );
}

function formats(): string {
  return page(
    section('Formats', [
      ['table', 'for people; the default, in a pipe too'],
      ['json', 'one array or object, keys in snake_case; --json is short for it'],
      ['ndjson', 'one object a line, streamed'],
      ['csv', 'RFC 4180 with CRLF, streamed; nothing for null, "" for an empty text'],
      ['tsv', 'tabs and LF; \\t \\n \\r \\\\ inside a value'],
      ['markdown', 'a table for a README or an issue'],
      ['html', 'one file without scripts, fit for printing'],
    ]),
    fold(
      'Amounts are decimal strings with a point whatever the locale; instants are ISO 8601 in UTC (tables show 2026-01-31 12:00Z or a local time with its offset).',
      0,
    ),
    fold(
      'In csv and tsv a text that a spreadsheet would run as a formula gets an apostrophe in front, and so does such a line inside a text; numbers such as -5.00 do not. --no-csv-guard leaves all text as it is, for machines. A file of rejected rows (--rejects) is never guarded: it is given again.',
      0,
    ),
    fold(
      '--fields picks and orders fields in every format. --output writes the file whole or not at all.',
      0,
    ),
    fold(
      'Times are given as 2026-01-31, 2026-01-31T12:00Z or 2026-01-31T12:00+02:00; a date is its midnight in UTC, a time without zone is UTC.',
      0,
    ),
  );
}

function lists(): string {
  return page(
    section('Lists', [
      [
        '--sort FIELD',
        'in the order of a field of the result; FIELD:desc downwards; a second --sort decides among equals',
      ],
      ['--filter FIELD=VALUE', 'only rows where it is so; several must all hold'],
      ['--limit N', 'rows at most, after --filter and --sort'],
      ['--jq EXPRESSION', "what an expression of jq makes of the JSON: --jq '.[] | .id'"],
      ['--watch N', 'print again every N seconds, until Ctrl-C'],
    ]),
    section('Operators of --filter', [
      ['= !=', 'equal or not; numbers by value (10 = 10.0)'],
      ['~ !~', 'contains or not, capitals or not'],
      ['> >= < <=', 'numbers by value, all else as text; instants are 2026-01-31T12:00:00.000Z'],
      ['FIELD=', 'is empty; FIELD!= is not'],
    ]),
    fold(
      'The fields are the keys of --json. --sort and --filter read the whole list. Tables that are longer than the screen go through the pager (SUBCTL_PAGER, PAGER, less).',
      0,
    ),
  );
}

function times(): string {
  return page(
    section('Times', [
      ['2026-01-31T12:00Z', 'an instant of ISO 8601; an offset such as +02:00 may stand in place of Z'],
      [
        '2026-01-31',
        'the first instant of a day; like a time without an offset it is UTC, or in the zone of --tz',
      ],
      ['now', 'the time of the command: --as-of, else the clock of the database'],
      ['today', 'the start of a day, also yesterday and tomorrow'],
      [
        'this-month',
        'the start of a month, also last-month and next-month; so for week (Monday), quarter and year',
      ],
      ['-2h, 30d', 'so long ago; s, m, h, d, w, mo or y'],
      ['+7d', 'so far ahead; --until and --expires read 7d so too'],
    ]),
    section('Spans', [
      ['--from, --to', 'from the one on, and before the other'],
      ['--period', '2026, 2026-Q1, 2026-01, 2026-01-31 or a word such as last-month, whole'],
      ['--last', 'until now, from so long ago: 24h, 30d, 6mo'],
    ]),
    fold(
      'Words and days go by the zone of --tz, else by that of the settings. Days, weeks, months and years keep the time of the wall clock when summer time begins or ends; hours are exact. --tz is also the zone in which tables show times; other formats have UTC.',
      0,
    ),
  );
}
