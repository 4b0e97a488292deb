import { Failure } from '../../domain/failure.ts';
import { numbersOf } from '../convert.ts';
import type { Expression } from '../expression.ts';
import { months, named, weekdays } from '../fields.ts';
import { type ArtefactEntry, type Installation, madeByLine } from './installation.ts';

const begin = '# BEGIN subctl';
const end = '# END subctl';
/** cron cuts what is longer (MAX_COMMAND of Vixie's cron and its heirs) */
const longest = 998;

export interface CronOptions {
  /** whose wall clock the host's cron follows */
  zone: string;
  /** what the tasks print is added to this file; without it only what goes wrong is said, by mail */
  log?: string | undefined;
  /** the path of coreutils' timeout, where there is one */
  timeout?: string | undefined;
}

/**
 * The block of a crontab, between marks so that it can be found and replaced as a whole. Whatever a line needs stands in the line itself:
 * an assignment on a line of its own would hold for the lines of others below it. Exit code 8, another run at work, is success; the lease
 * keeps two runs of a task apart, and `timeout` ends one that hangs, after its batch. In the system's crontab a line names the account.
 * @throws Failure refused for a line that is longer than cron takes, and for an expression that it cannot read
 */
export function printCron(
  entries: readonly ArtefactEntry[],
  installation: Installation,
  options: CronOptions,
): string {
  const account = installation.scope === 'system' ? `${installation.account} ` : '';
  const lines = entries.map(({ task, expression, timezone, cron }) => {
    const converted =
      timezone === options.zone || cron === expression.text ? '' : `# ${task}: ${cron} in ${timezone}\n`;
    return `${converted}${lineFields(expression)} ${account}${commandOf(task, installation, options)}`;
  });
  return [
    `${begin} (the block is replaced as a whole: subctl schedule install cron)`,
    `# ${madeByLine(installation)}`,
    `# Times are those of this host's zone, ${options.zone}.`,
    ...installation.secrets.map(
      ({ file }) => `# ${file} holds a secret: only the account of the tasks may read it (0600).`,
    ),
    ...(options.log === undefined
      ? []
      : [`# logrotate may rotate ${options.log} at any time: each run opens it anew.`]),
    ...lines,
    end,
    '',
  ].join('\n');
}

/**
 * The fields as every cron reads them: numbers in place of names. Where day and weekday are both given, either of them is due; but a field
 * that begins with * counts as not given, even with a step, and is written as its numbers.
 */
function lineFields(expression: Expression): string {
  const { minute, hour, day, month, weekday } = expression;
  const [months12, week] = [named(month, months, 1), named(weekday, weekdays, 0)];
  const all = [
    numbersOf(minute, 60),
    numbersOf(hour, 24),
    numbersOf(day, 32, 1),
    numbersOf(months12, 13, 1),
    numbersOf(week, 8),
  ];
  if (all.some((numbers) => numbers === undefined)) throw notSayable(expression);
  const either = day !== '*' && weekday !== '*';
  const days = either && day.includes('*') ? all[2]!.join() : day;
  const weekDays = either && week.includes('*') ? all[4]!.filter((at) => at < 7).join() : week;
  return [minute, hour, days, months12, weekDays].join(' ');
}

function notSayable({ text }: Expression): Failure {
  return new Failure('refused', `The cron expression '${text}' cannot be said to cron`, {
    hint: 'print one entry that asks the timetable every minute: --run-due',
  });
}

function commandOf(task: string, installation: Installation, { log, timeout }: CronOptions): string {
  const { program, environment, secrets, folder } = installation;
  const pins = Object.entries(environment).map(([name, value]) => `${name}=${quoted(value)}`);
  const files = secrets.map(({ variable, file }) => `${variable}_FILE=${quoted(file)}`);
  const limit = timeout === undefined ? [] : [timeout, '-k', '60', '3600'];
  // one line for each run, and none for a minute in which nothing was due
  const words = task === 'run-due' && log !== undefined ? 'run-due --format ndjson' : task;
  const start = [...pins, ...files, ...limit, ...program.map(quoted), words].join(' ');
  const out = log === undefined ? '>/dev/null' : `>>${quoted(log)} 2>&1`;
  const line = `${folder === undefined ? '' : `cd ${quoted(folder)} && `}${start} ${out} || [ $? -eq 8 ]`;
  const command = line.replaceAll('%', '\\%'); // cron ends the command at a bare one
  if (command.length <= longest) return command;
  throw new Failure(
    'refused',
    `The crontab line of ${task} would have ${command.length} characters, and cron reads ${longest}`,
    { hint: 'put the settings into subctl.yaml in place of the environment, and give it with --config' },
  );
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/**
 * Our block in a crontab; undefined when it has none.
 * @throws Failure conflict for a block without its end, or two of them: what is whose cannot be told
 */
export function blockIn(crontab: string): string | undefined {
  const lines = crontab.split('\n');
  const place = placeOf(lines);
  return place && `${lines.slice(...place).join('\n')}\n`;
}

/** The crontab with `block` in the place of ours, or at its end; without a block, without ours. Every other line stays as it is. */
export function withBlock(crontab: string, block: string | undefined): string {
  const lines = crontab.split('\n');
  const place = placeOf(lines);
  if (place) {
    const [start, stop] = place;
    const ours = block === undefined ? [] : block.trimEnd().split('\n');
    return [...lines.slice(0, start), ...ours, ...lines.slice(stop)].join('\n');
  }
  if (block === undefined) return crontab;
  return `${crontab}${crontab === '' || crontab.endsWith('\n') ? '' : '\n'}${block}`;
}

/** From where to where, exclusive, our block is. */
function placeOf(lines: readonly string[]): [number, number] | undefined {
  const starts = lines.flatMap((line, at) => (line.startsWith(begin) ? [at] : []));
  const ends = lines.flatMap((line, at) => (line === end ? [at] : []));
  if (starts.length === 0 && ends.length === 0) return undefined;
  if (starts.length === 1 && ends.length === 1 && starts[0]! < ends[0]!) return [starts[0]!, ends[0]! + 1];
  throw new Failure('conflict', `The crontab has not one whole block from '${begin}' to '${end}'`, {
    hint: 'mend it by hand: crontab -e',
  });
}
