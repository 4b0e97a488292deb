import { type FailureKind, exitCodeOf, failureKinds, meaningOf } from '../domain/failure.ts';
import { type ArgumentSpec, type CommandSpec, type Group, type OptionSpec, groups } from './command.ts';
import { commonOptions, globalOptions } from './common-options.ts';

const width = 80;

const groupTitles: Record<Group, string> = {
  start: 'Set up',
  sell: 'Plans and subscriptions',
  use: 'Customers, usage and credits',
  work: 'Tasks and timetable',
  money: 'Prices, invoices and payments',
  look: 'Reports and the rest',
};

/** The page of `subctl --help`. */
export function programHelp(table: readonly CommandSpec[]): string {
  const lists = groups.flatMap((group) => {
    const lines = nounLines(table.filter((spec) => !spec.hidden && (spec.group ?? 'look') === group));
    return lines.length > 0 ? [section(groupTitles[group], lines)] : [];
  });
  return page(
    'Usage: subctl <command> [options]\n',
    fold(
      'Subscriptions on your own PostgreSQL: plans, usage limits, credits, API cost, alerts and renewals.',
      0,
    ),
    ...lists,
    section(
      'Options',
      optionLines(globalOptions).concat([
        ['-h, --help', 'show a page: subctl <command> --help'],
        ['-V, --version', 'show the version'],
      ]),
    ),
    fold('Topics: subctl help exit-codes | environment | formats', 0),
  );
}

/** The page of `subctl plans --help`. */
export function nounHelp(table: readonly CommandSpec[], noun: string): string {
  const specs = table.filter((spec) => spec.path.startsWith(`${noun} `) && !spec.hidden);
  const lines = specs.map((spec): Line => [
    usageOf(spec).slice('subctl '.length + noun.length + 1),
    spec.summary,
  ]);
  return page(
    `Usage: subctl ${noun} <command> [options]\n`,
    section('Commands', lines),
    fold(`See: subctl ${noun} <command> --help`, 0),
  );
}

/** The page of one command: purpose, options, examples, exit codes. */
export function commandHelp(spec: CommandSpec): string {
  const args = (spec.arguments ?? []).map((argument): Line => [argument.name, aboutOf(argument)]);
  const own = optionLines(spec.options ?? []);
  const common = optionLines([...commonOptions(spec), ...globalOptions]);
  return page(
    `Usage: ${usageOf(spec)}${own.length + common.length > 0 ? ' [options]' : ''}\n`,
    fold(`${spec.summary}.`, 0),
    ...(spec.description ?? '')
      .split('\n\n')
      .filter(Boolean)
      .map((paragraph) => fold(paragraph, 0)),
    section('Arguments', args),
    section('Options', own),
    section('Common options', common.concat([['-h, --help', 'show this page']])),
    `Examples:\n${spec.examples.map(({ command, about }) => `  ${command}\n${fold(about, 6)}`).join('')}`,
    section('Exit codes', exitLines(spec)),
  );
}

/** The line after `Usage:`, without the options. */
export function usageOf({ path, arguments: args = [] }: CommandSpec): string {
  return ['subctl', path, ...args.map(argumentForm)].join(' ');
}

/** `<customer>`, `[plan]`, `<events...>` */
export function argumentForm({ name, optional, many }: ArgumentSpec): string {
  const inside = many ? `${name}...` : name;
  return optional ? `[${inside}]` : `<${inside}>`;
}

export type Line = readonly [left: string, right: string];

/** A heading with two columns under it; nothing without lines. */
export function section(title: string, lines: readonly Line[]): string {
  if (lines.length === 0) return '';
  const left = Math.min(26, Math.max(...lines.map(([text]) => text.length)) + 2);
  const body = lines.map(([text, about]) => {
    const folded = fold(about, left + 2).slice(left + 2);
    return text.length + 2 > left
      ? `  ${text}\n${' '.repeat(left + 2)}${folded}`
      : `  ${text.padEnd(left)}${folded}`;
  });
  return `${title}:\n${body.join('')}`;
}

/** Text in lines of at most 80 signs, each after `indent` spaces. */
export function fold(text: string, indent: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    const longer = line ? `${line} ${word}` : word;
    if (line && indent + longer.length > width) lines.push(line);
    line = line && indent + longer.length > width ? word : longer;
  }
  return [...lines, line].map((one) => `${' '.repeat(indent)}${one}\n`).join('');
}

/** The parts that there are, with an empty line between. */
export function page(...parts: string[]): string {
  return parts.filter(Boolean).join('\n');
}

function nounLines(table: readonly CommandSpec[]): Line[] {
  const verbs = new Map<string, string[]>();
  const summaries = new Map<string, string>();
  for (const { path, summary } of table) {
    const [noun, verb] = path.split(' ') as [string, string?];
    verbs.set(noun, [...(verbs.get(noun) ?? []), ...(verb ? [verb] : [])]);
    if (!verb) summaries.set(noun, summary);
  }
  return [...verbs].map(([noun, list]) => [noun, summaries.get(noun) ?? list.join(', ')]);
}

function optionLines(options: readonly OptionSpec[]): Line[] {
  return options.map((option) => [
    `${option.short ? `${option.short}, ` : ''}${option.flag}${option.value ? ` <${option.value}>` : ''}`,
    aboutOf(option),
  ]);
}

function aboutOf(spec: ArgumentSpec | OptionSpec): string {
  const words = [...(spec.choices ?? []), ...(spec.or ?? [])].join(', ');
  const facts = [
    words && (spec.choices ? words : `or ${words}`),
    'required' in spec && spec.required && 'required',
    spec.many && 'flag' in spec && 'may be repeated',
    'default' in spec && spec.default !== undefined && `default: ${spec.default}`,
  ].filter(Boolean);
  return facts.length > 0 ? `${spec.about} (${facts.join('; ')})` : spec.about;
}

function exitLines({ exits = [], needs = 'schema' }: CommandSpec): Line[] {
  const codes = new Set([1, 2, ...(needs === 'nothing' ? [] : [5, 6]), ...exits]);
  const lines = failureKinds.map((kind: FailureKind): [number, string] => [
    exitCodeOf(kind),
    meaningOf(kind),
  ]);
  return [
    ['0', 'done'],
    ...lines.filter(([code]) => codes.has(code)).map(([code, means]): Line => [String(code), means]),
  ];
}
