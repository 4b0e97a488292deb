import { Failure } from '../../domain/failure.ts';

/** What the commands of schedule are asked. */
export interface ScheduleInput {
  kind: 'cron' | 'systemd' | 'windows';
  runDue: boolean;
  daemon: boolean;
  user: boolean;
  system: boolean;
  timezone?: string | undefined;
  hostTimezone?: string | undefined;
  account?: string | undefined;
  log?: string | undefined;
}

export type Which = Pick<ScheduleInput, 'kind' | 'user' | 'system'>;

/** Whose it is: a crontab is an account's and units are the host's unless said. @throws Failure usage for both, and for Windows */
export function scopeOf({ kind, user, system }: Which): 'user' | 'system' {
  if (user && system) throw new Failure('usage', 'Either --user or --system, not both');
  if (kind === 'windows' && user)
    throw new Failure('usage', 'Windows tasks belong to the host: there is no --user for them');
  if (user) return 'user';
  return system || kind !== 'cron' ? 'system' : 'user';
}

/** @throws Failure usage for options that do not go together */
export function checkInput(input: ScheduleInput): void {
  const { kind, runDue, daemon, log, account } = input;
  if (daemon && kind !== 'systemd')
    throw new Failure('usage', `The daemon is a service, and ${kind} has none: --daemon is for systemd`, {
      hint: 'give --run-due: one entry, every minute',
    });
  if (daemon && runDue) throw new Failure('usage', 'Either --daemon or --run-due, not both');
  if (log !== undefined && kind !== 'cron')
    throw new Failure('usage', `--log is for cron; ${kind} keeps a log by itself`);
  if (account !== undefined && !/^[a-z_][\w.-]*\$?$/i.test(account))
    throw new Failure('usage', `'${account}' is no name of an account`);
  if (account !== undefined && scopeOf(input) === 'user')
    throw new Failure('usage', '--account goes with --system: what is of an account runs under it');
}

const flags = ['run-due', 'daemon'] as const;
const values = ['timezone', 'host-timezone', 'account', 'log'] as const;
const keyOf = (flag: string) =>
  flag.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()) as keyof ScheduleInput;

/** The command that prints what is asked for, without `subctl`; `readMadeBy` reads it again. */
export function madeBy(input: ScheduleInput): string {
  const scope = scopeOf(input);
  const isUsual = scope === scopeOf({ kind: input.kind, user: false, system: false });
  const words = [
    ...(isUsual ? [] : [`--${scope}`]),
    ...flags.filter((flag) => input[keyOf(flag)]).map((flag) => `--${flag}`),
    ...values.flatMap((flag) => {
      const value = input[keyOf(flag)] as string | undefined;
      return value === undefined ? [] : [`--${flag}`, quoted(value)];
    }),
  ];
  return ['schedule print', input.kind, ...words].join(' ');
}

/** What was asked for when a text was made that says `line` of itself. */
export function readMadeBy(kind: ScheduleInput['kind'], line: string): ScheduleInput {
  const words = [...line.matchAll(/(?:[^\s'\\]|\\.|'[^']*')+/g)].map(([word]) =>
    word.replace(/'([^']*)'|\\(.)/g, (_, inside?: string, single?: string) => inside ?? single ?? ''),
  );
  const input: Record<string, unknown> = { kind };
  for (const flag of ['user', 'system', ...flags]) input[keyOf(flag)] = words.includes(`--${flag}`);
  for (const flag of values) {
    const at = words.indexOf(`--${flag}`);
    input[keyOf(flag)] = at < 0 ? undefined : words[at + 1];
  }
  return input as unknown as ScheduleInput;
}

function quoted(value: string): string {
  return /^[\w./+-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
