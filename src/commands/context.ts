import { type Settings, readSettings } from '../config/settings.ts';
import { readClock } from '../database/clock.ts';
import { checkSchema } from '../database/check-schema.ts';
import { type Connection, cancelStatements, connectTo, cutOff, findDatabase } from '../database/connect.ts';
import type { Blocker } from '../database/lock-waits.ts';
import { firstAnswerMs, withTimeout } from '../database/timeout.ts';
import { Failure } from '../domain/failure.ts';
import { oneLine } from '../domain/plain-text.ts';
import type { PeriodExpression, TimeExpression } from '../domain/times.ts';
import type { Gateway } from '../payments/gateway.ts';
import type { StripeAccount } from '../payments/stripe-account.ts';
import { type Progress, startProgress } from '../terminal/progress.ts';
import type { Prompts } from '../terminal/prompts.ts';
import type { Services } from '../tasks/services.ts';
import type { Environment, Terminal } from '../terminal/terminal.ts';
import type { CommandFacts } from './describe.ts';
import type { Program } from './program-types.ts';
import { currentBuild } from './current-build.ts';

/** The options that many commands share, read. */
export interface CommonInput {
  asOf?: Date;
  /** zone of times that are given without one, and of those that tables show */
  tz?: string;
  /** a calendar period in place of --from and --to */
  period?: PeriodExpression;
  /** how far back, in place of --from and --to */
  last?: TimeExpression;
  dryRun: boolean;
  yes: boolean;
  actor?: string;
  reason?: string;
  quiet: boolean;
  verbose: boolean;
  config?: string;
}

/** What a command is given beside its own input. Everything is opened when it is first asked for, and closed by `run.ts`. */
export interface Context {
  readonly spec: CommandFacts;
  /** the options that many commands share, as they were given */
  readonly common: object;
  /** every command there is */
  readonly program: Program;
  readonly env: Environment;
  readonly cwd: string;
  readonly terminal: Terminal;
  /** aborted by the first SIGINT or SIGTERM; its reason is the Failure to throw when the work at hand is done */
  readonly signal: AbortSignal;
  readonly asOf: Date | undefined;
  /** --tz: the zone in which times are shown */
  readonly timezone: string | undefined;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly reason: string | undefined;
  settings(): Promise<Settings>;
  /** Who does it: --actor, else the setting, else the user of the operating system. */
  actor(): Promise<string>;
  /** The database, with its schema checked for commands that need it. */
  database(): Promise<Connection>;
  /** What there is beside the database: the payment provider, the outbox. */
  services(): Promise<Services>;
  /** The Stripe account of STRIPE_SECRET_KEY. Failure config without one. */
  stripe(): Promise<StripeAccount>;
  /** The payment provider: that account. */
  gateway(): Promise<Gateway>;
  /** The business's now: --as-of, else the database's clock, cut to milliseconds and read once. */
  now(): Promise<Date>;
  /** The business's now after something that took time: --as-of, else the clock read again. */
  nowAgain(): Promise<Date>;
  /** The machine's clock, for how long something takes or is remembered; the business's is `now`. */
  clock(): Date;
  /** Questions on the terminal. Failure usage with `instead` as its hint when there is none. */
  prompts(instead: string): Promise<Prompts>;
  /** Asks before something that cannot be taken back. Returns when agreed, or with --yes or --dry-run; throws otherwise. */
  confirm(question: string): Promise<void>;
  progress(label: string, total?: number): Progress;
  /** A sentence for the person, on stderr, unless --quiet. */
  note(sentence: string): void;
  /** Who holds what the command's statements wait for. */
  findBlockers(): Promise<Blocker[]>;
  /** Has the server cancel the statements that run; what called them hears of it and may go on. */
  cancelStatements(): Promise<void>;
  /** Ends the connections: what is not committed is undone, at the server too. */
  cutOff(): Promise<void>;
  close(): Promise<void>;
}

export interface Surroundings {
  program: Program;
  env: Environment;
  cwd: string;
  terminal: Terminal;
  signal: AbortSignal;
}

/** Makes the context of one run of a command. Opens nothing yet. */
export function createContext(spec: CommandFacts, common: CommonInput, around: Surroundings): Context {
  const { env, cwd, terminal, signal } = around;
  const needs = spec.needs ?? 'schema';
  const settings = once(() => readSettings({ env, cwd, config: common.config }));
  const opened: { connection?: Connection } = {}; // also while its schema is being looked at
  const database = once(() => connect(settings, { needs, max: spec.connections, signal }, opened));
  const now = once(async () => common.asOf ?? readClock(await database.get()));
  const services = once(async () =>
    (await import('../tasks/services.ts')).openServices(settings.get, () => new Date()),
  );
  const prompts = async (instead: string) =>
    (await import('../terminal/prompts.ts')).openPrompts(terminal, instead, signal);
  return {
    ...around,
    spec,
    common,
    get asOf() {
      return common.asOf;
    },
    timezone: common.tz,
    dryRun: common.dryRun,
    yes: common.yes,
    quiet: common.quiet,
    verbose: common.verbose,
    reason: common.reason,
    settings: settings.get,
    actor: async () => common.actor ?? (await settings.get()).actor,
    database: database.get,
    services: services.get,
    stripe: async () => (await services.get()).stripe(),
    gateway: async () => (await services.get()).gateway(),
    now: now.get,
    nowAgain: async () => common.asOf ?? readClock(await database.get()),
    clock: () => new Date(),
    prompts,
    async confirm(question) {
      if (common.yes || common.dryRun) return;
      const { confirm } = await prompts(
        'Give --yes to do it without being asked, or --dry-run to see what would be done',
      );
      if (!(await confirm(question))) throw new Failure('interrupted', 'Not confirmed: nothing was changed');
    },
    progress: (label, total = 0) => startProgress(terminal, label, { total, quiet: common.quiet }),
    note: (sentence) => void (common.quiet || terminal.err(`${oneLine(sentence)}\n`)),
    async findBlockers() {
      const { findBlockers } = await import('../database/lock-waits.ts');
      return opened.connection ? findBlockers(opened.connection) : [];
    },
    cancelStatements: async () => void (opened.connection && (await cancelStatements(opened.connection))),
    cutOff: async () => void (opened.connection && (await cutOff(opened.connection))),
    async close() {
      if (signal.aborted) return void (opened.connection && (await cutOff(opened.connection)));
      await (await services.opened?.catch(() => undefined))?.close();
      await database.opened?.catch(() => undefined);
      await opened.connection?.end({ timeout: 5 });
    },
  };
}

async function connect(
  settings: { get: () => Promise<Settings> },
  { needs, max, signal }: { needs: CommandFacts['needs']; max: number | undefined; signal: AbortSignal },
  opened: { connection?: Connection },
): Promise<Connection> {
  const address = await findDatabase((await settings.get()).database);
  const connection = (opened.connection = connectTo(address, max));
  if (needs !== 'schema') return connection;
  await withTimeout(checkSchema(connection, currentBuild()), { ms: firstAnswerMs(address), signal });
  return connection;
}

/** Does the work at the first call and gives the same promise ever after; `opened` is that promise, if there was a call. */
function once<T>(work: () => Promise<T>): { get: () => Promise<T>; opened: Promise<T> | undefined } {
  const held: { get: () => Promise<T>; opened: Promise<T> | undefined } = {
    opened: undefined,
    get: () => (held.opened ??= work()),
  };
  return held;
}
