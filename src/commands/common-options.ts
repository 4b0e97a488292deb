import { Option } from 'commander';
import { choice, filter, instant, integer, isReader, last, many, period, sort, timezone } from './readers.ts';
import type { Facts } from './facts.ts';

/** Options of every command, before or after its name. */
export const globalOptions: readonly Option[] = [
  new Option('--config <file>', 'read settings from this file instead of subctl.yaml'),
  new Option('-q, --quiet', 'print only the result and errors'),
  new Option('-v, --verbose', 'print more detail, and stack traces of bugs'),
  new Option('--no-color', 'disable colors (like NO_COLOR)'),
];

const rowOptions = [
  new Option('--format <format>', 'output format')
    .choices(['table', 'json', 'ndjson', 'csv', 'tsv', 'markdown', 'html'])
    .default('table'),
  new Option('--json', 'same as --format json; errors are JSON too'),
  new Option('--jq <expression>', 'filter the JSON output with a jq expression'),
  new Option('--fields <a,b>', 'show only these fields, in this order'),
  new Option('-o, --output <file>', 'write to a file atomically'),
  new Option('--no-header', 'omit the header row'),
  new Option('--no-csv-guard', 'do not escape text that looks like a formula'),
];

/** For a command that prints rows, or a record with lists. */
const listOptions = [
  new Option('--sort <field>', 'sort by this field, or FIELD:desc; may be repeated').argParser(many(sort)),
  new Option(
    '--filter <field=value>',
    'only matching rows; also != ~ (contains) !~ > >= < <=; may be repeated',
  ).argParser(many(filter)),
];
const limitOption = new Option('--limit <number>', 'maximum number of rows').argParser(
  integer({ min: 1, max: 1_000_000 }),
);
/** The old name of --limit. */
const countOption = new Option('--count <number>').argParser(integer({ min: 1, max: 1_000_000 })).hideHelp();
const watchOption = new Option(
  '--watch <seconds>',
  'repeat every number of seconds until interrupted',
).argParser(integer({ min: 1, max: 86_400 }));

const writeOptions = [
  new Option('--dry-run', 'show what would change, without changing it'),
  new Option('-y, --yes', 'skip confirmation prompts'),
  new Option('--actor <name>', 'actor for the audit log (default: the operating system user)'),
  new Option('--reason <text>', 'reason for the audit log'),
];

const asOfOption = new Option('--as-of <time>', 'use this as the current time').argParser(instant);

const zoneOption = new Option(
  '--tz <zone>',
  'time zone of times without an offset, and of displayed times',
).argParser(timezone);

/** For commands with --from and --to. */
const spanOptions = [
  new Option(
    '--period <period>',
    'a calendar period instead of --from and --to: 2026-01, last-month',
  ).argParser(period),
  new Option('--last <length>', 'a span that ends now: 24h, 30d, 6mo').argParser(last),
];

/** For a command whose record has lists. */
const partOption = (parts: readonly string[]) =>
  new Option('--part <list>', `print only this list (csv and tsv default to ${parts[0]})`).argParser(
    choice(parts),
  );

/** The common options of a command, by its facts. Its own option of the same name takes precedence. */
export function commonOptions(facts: Facts, own: readonly Option[]): readonly Option[] {
  const common = [
    ...timeOptions(facts, own),
    ...(facts.writes ? writeOptions : []),
    ...resultOptions(facts, own),
  ];
  return common.filter((option) => !hasOption(own, option.attributeName()));
}

/** With times or a span among its own options. */
function timeOptions({ asOf, rows }: Facts, own: readonly Option[]): Option[] {
  const times = own.filter(readsInstant).map((one) => one.attributeName());
  const hasSpan = times.includes('from') && times.includes('to');
  const hasTimes = asOf || rows || times.length > 0;
  return [
    ...(hasSpan ? spanOptions : []),
    ...(hasTimes && !hasOption(own, 'timezone') ? [zoneOption] : []),
    ...(asOf || hasSpan ? [asOfOption] : []),
  ];
}

function resultOptions({ rows, parts, writes }: Facts, own: readonly Option[]): Option[] {
  const isList = rows === 'list';
  return [
    ...(rows ? rowOptions : []),
    ...(isList || parts ? listOptions : []),
    ...(isList ? [limitOption] : []),
    ...(isList || hasOption(own, 'limit') ? [countOption] : []),
    ...(rows && !writes ? [watchOption] : []),
    ...(parts ? [partOption(parts)] : []),
  ];
}

const hasOption = (own: readonly Option[], name: string): boolean =>
  own.some((one) => one.attributeName() === name);

function readsInstant({ parseArg }: Option): boolean {
  const reader: unknown = parseArg;
  return isReader(reader) && reader.kind === 'instant';
}
