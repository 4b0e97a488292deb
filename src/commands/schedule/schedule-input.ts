import { Failure } from '../../domain/failure.ts';

/** Input of the schedule commands. */
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

/** Returns the scope. Default: user for cron, system otherwise. @throws Failure usage for both flags, and for --user on Windows */
export function scopeOf({ kind, user, system }: Which): 'user' | 'system' {
  if (user && system) throw new Failure('usage', 'Either --user or --system, not both');
  if (kind === 'windows' && user)
    throw new Failure('usage', 'Windows tasks belong to the host: --user is not supported');
  if (user) return 'user';
  return system || kind !== 'cron' ? 'system' : 'user';
}

/** Checks the options. @throws Failure usage for options that cannot be combined */
export function checkInput(input: ScheduleInput): void {
  const { kind, runDue, daemon, log, account } = input;
  if (daemon && kind !== 'systemd')
    throw new Failure('usage', `--daemon is only for systemd: ${kind} does not run services`, {
      hint: 'give --run-due: one entry, every minute',
    });
  if (daemon && runDue) throw new Failure('usage', 'Either --daemon or --run-due, not both');
  if (log !== undefined && kind !== 'cron')
    throw new Failure('usage', `--log is only for cron: ${kind} keeps its own log`);
  if (account !== undefined && !/^[a-z_][\w.-]*\$?$/i.test(account))
    throw new Failure('usage', `'${account}' is not a valid account name`);
  if (account !== undefined && scopeOf(input) === 'user')
    throw new Failure(
      'usage',
      '--account requires --system: tasks of an account always run under that account',
    );
}

const flags = ['run-due', 'daemon'] as const;
const values = ['timezone', 'host-timezone', 'account', 'log'] as const;
const keyOf = (flag: string) =>
  flag.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()) as keyof ScheduleInput;

/** Returns the command that prints this output, without `subctl`. `readMadeBy` parses it. */
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

/** Parses the command line that an installed text contains, as `madeBy` wrote it. */
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
