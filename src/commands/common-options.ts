import { Option } from 'commander';
import { choice, instant, isReader, last, period, timezone } from './readers.ts';
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
  new Option('--fields <a,b>', 'only these fields, in this order'),
  new Option('-o, --output <file>', 'write to a file, whole or not at all'),
  new Option('--no-header', 'no line of headings'),
  new Option('--no-csv-guard', 'leave text that looks like a formula as it is'),
];

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
export function commonOptions(
  { rows, parts, writes, asOf }: Facts,
  own: readonly Option[],
): readonly Option[] {
  const timed = (name: string) => own.some((one) => one.attributeName() === name && readsInstant(one));
  const isTimed = asOf || own.some(readsInstant);
  const hasSpan = timed('from') && timed('to');
  const common = [
    ...(hasSpan ? spanOptions : []),
    ...((isTimed || rows) && !own.some((one) => one.attributeName() === 'timezone') ? [zoneOption] : []),
    ...(asOf || hasSpan ? [asOfOption] : []),
    ...(writes ? writeOptions : []),
    ...(rows ? rowOptions : []),
    ...(parts ? [partOption(parts)] : []),
  ];
  return common.filter((option) => !own.some((one) => one.attributeName() === option.attributeName()));
}

function readsInstant({ parseArg }: Option): boolean {
  const reader: unknown = parseArg;
  return isReader(reader) && reader.kind === 'instant';
}
