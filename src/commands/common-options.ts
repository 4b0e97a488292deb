import { Option } from 'commander';
import { choice, filter, instant, integer, isReader, last, many, period, sort, timezone } from './readers.ts';
import type { Facts } from './facts.ts';

/** Options of every command, before or after its name. */
export const globalOptions: readonly Option[] = [
  new Option('--config <file>', 'read settings from this file in place of subctl.yaml'),
  new Option('-q, --quiet', 'print the result and errors only'),
  new Option('-v, --verbose', 'print more; with the stack trace of a bug'),
  new Option('--no-color', 'no colours (NO_COLOR does the same)'),
];

const rowOptions = [
  new Option('--format <format>', 'form of the result')
    .choices(['table', 'json', 'ndjson', 'csv', 'tsv', 'markdown', 'html'])
    .default('table'),
  new Option('--json', 'short for --format json; errors are JSON too'),
  new Option('--jq <expression>', 'what an expression of jq makes of the JSON'),
  new Option('--fields <a,b>', 'only these fields, in this order'),
  new Option('-o, --output <file>', 'write to a file, whole or not at all'),
  new Option('--no-header', 'no line of headings'),
  new Option('--no-csv-guard', 'leave text that looks like a formula as it is'),
];

/** Of a command that prints rows, or a record with lists. */
const listOptions = [
  new Option('--sort <field>', 'in the order of this field, or FIELD:desc; may be repeated').argParser(
    many(sort),
  ),
  new Option(
    '--filter <field=value>',
    'only rows where it is so; also != ~ (contains) !~ > >= < <=; may be repeated',
  ).argParser(many(filter)),
];
const limitOption = new Option('--limit <number>', 'rows at most').argParser(
  integer({ min: 1, max: 1_000_000 }),
);
/** An older name of --limit. */
const countOption = new Option('--count <number>').argParser(integer({ min: 1, max: 1_000_000 })).hideHelp();
const watchOption = new Option(
  '--watch <seconds>',
  'print again every so many seconds, until interrupted',
).argParser(integer({ min: 1, max: 86_400 }));

const writeOptions = [
  new Option('--dry-run', 'show what would be done and change nothing'),
  new Option('-y, --yes', 'do not ask'),
  new Option('--actor <name>', 'who does it, for the audit (default: the user of the system)'),
  new Option('--reason <text>', 'why, for the audit'),
];

const asOfOption = new Option('--as-of <time>', 'act as if it were this time').argParser(instant);

const zoneOption = new Option(
  '--tz <zone>',
  'zone of times: of those given without one, and of those shown',
).argParser(timezone);

/** Beside --from and --to. */
const spanOptions = [
  new Option(
    '--period <period>',
    'a calendar period in place of --from and --to: 2026-01, last-month',
  ).argParser(period),
  new Option('--last <length>', 'until now, from so long ago: 24h, 30d, 6mo').argParser(last),
];

/** Of a command whose record has lists. */
const partOption = (parts: readonly string[]) =>
  new Option(
    '--part <list>',
    `only this list, in any format; csv and tsv have ${parts[0]} unless told otherwise`,
  ).argParser(choice(parts));

/** The options that a command takes beside its own, by what it says that it is. An own option of the same name wins. */
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
