import type { CommandSpec, OptionSpec } from './command.ts';

/** Options of every command, before or after its name. */
export const globalOptions: readonly OptionSpec[] = [
  { flag: '--config', value: 'file', about: 'read settings from this file in place of subctl.yaml' },
  { flag: '--quiet', short: '-q', about: 'print the result and errors only' },
  { flag: '--verbose', short: '-v', about: 'print more; with the stack trace of a bug' },
  { flag: '--no-color', about: 'no colours (NO_COLOR does the same)' },
];

const rowOptions: readonly OptionSpec[] = [
  {
    flag: '--format',
    value: 'format',
    kind: 'choice',
    choices: ['table', 'json', 'ndjson', 'csv', 'tsv', 'markdown', 'html'],
    default: 'table',
    about: 'form of the result',
  },
  { flag: '--json', about: 'short for --format json; errors are JSON too' },
  { flag: '--fields', value: 'a,b', about: 'only these fields, in this order' },
  { flag: '--output', short: '-o', value: 'file', about: 'write to a file, whole or not at all' },
  { flag: '--no-header', about: 'no line of headings' },
  { flag: '--no-csv-guard', about: 'leave text that looks like a formula as it is' },
];

const writeOptions: readonly OptionSpec[] = [
  { flag: '--dry-run', about: 'show what would be done and change nothing' },
  { flag: '--yes', short: '-y', about: 'do not ask' },
  { flag: '--actor', value: 'name', about: 'who does it, for the audit (default: the user of the system)' },
  { flag: '--reason', value: 'text', about: 'why, for the audit' },
];

const asOfOption: OptionSpec = {
  flag: '--as-of',
  value: 'time',
  kind: 'instant',
  about: 'act as if it were this time',
};

/** Of a command whose record has lists. */
const partOption = (parts: readonly string[]): OptionSpec => ({
  flag: '--part',
  value: 'list',
  kind: 'choice',
  choices: parts,
  about: `only this list, in any format; csv and tsv have ${parts[0]} unless told otherwise`,
});

/** The options that a command takes beside its own, by what its spec says that it is. An own option of the same name wins. */
export function commonOptions({
  options = [],
  rows,
  parts,
  writes,
  asOf,
}: CommandSpec): readonly OptionSpec[] {
  const common = [
    ...(asOf ? [asOfOption] : []),
    ...(writes ? writeOptions : []),
    ...(rows ? rowOptions : []),
    ...(parts ? [partOption(parts)] : []),
  ];
  return common.filter(({ flag }) => !options.some((own) => own.flag === flag));
}
