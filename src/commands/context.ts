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

/** The parsed common options. */
export interface CommonInput {
  asOf?: Date;
  /** time zone of times without an offset, and of times in tables */
  tz?: string;
  /** a calendar period instead of --from and --to */
  period?: PeriodExpression;
  /** a span that ends now, instead of --from and --to */
  last?: TimeExpression;
  dryRun: boolean;
  yes: boolean;
  actor?: string;
  reason?: string;
  quiet: boolean;
  verbose: boolean;
  config?: string;
}

/** What a command receives besides its input. Resources are opened on first use and closed by `run-command.ts`. */
export interface Context {
  readonly spec: CommandFacts;
  /** the common options as given */
  readonly common: object;
  /** every command */
  readonly program: Program;
  readonly env: Environment;
  readonly cwd: string;
  readonly terminal: Terminal;
  /** aborted by the first SIGINT or SIGTERM; its reason is the Failure to throw when the current step is done */
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
  /** The actor for the audit log: --actor, else the setting, else the operating system user. */
  actor(): Promise<string>;
  /** The database, with its schema checked for commands that need it. */
  database(): Promise<Connection>;
  /** The external services: the payment provider and the outbox. */
  services(): Promise<Services>;
  /** The Stripe account of STRIPE_SECRET_KEY. Failure config without one. */
  stripe(): Promise<StripeAccount>;
  /** The payment provider, backed by that account. */
  gateway(): Promise<Gateway>;
  /** The effective current time: --as-of, else the database clock in milliseconds, read once. */
  now(): Promise<Date>;
  /** The effective current time after slow work: --as-of, else the database clock, read again. */
  nowAgain(): Promise<Date>;
  /** The clock of this machine, for durations and caches. Business rules use `now`. */
  clock(): Date;
  /** Prompts on the terminal. Failure usage with the hint `instead` when there is no terminal. */
  prompts(instead: string): Promise<Prompts>;
  /** Asks for confirmation of an irreversible action. Returns when confirmed, or with --yes or --dry-run; throws otherwise. */
  confirm(question: string): Promise<void>;
  progress(label: string, total?: number): Progress;
  /** Prints a sentence on stderr, unless --quiet. */
  note(sentence: string): void;
  /** The sessions that block this command's statements. */
  findBlockers(): Promise<Blocker[]>;
  /** Cancels the running statements on the server; their callers get an error and may continue. */
  cancelStatements(): Promise<void>;
  /** Closes the connections at once; the server rolls back open transactions. */
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

/** Creates the context of one run of a command. Opens nothing. */
export function createContext(spec: CommandFacts, common: CommonInput, around: Surroundings): Context {
  const { env, cwd, terminal, signal } = around;
  const needs = spec.needs ?? 'schema';
  const settings = once(() => readSettings({ env, cwd, config: common.config }));
  const opened: { connection?: Connection } = {}; // set before the schema check, so that it can be closed
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
      const { confirm } = await prompts('Give --yes to skip this prompt, or --dry-run to preview the change');
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

/** Runs `work` on the first call and returns the same promise afterwards; `opened` is that promise once `get` was called. */
function once<T>(work: () => Promise<T>): { get: () => Promise<T>; opened: Promise<T> | undefined } {
  const held: { get: () => Promise<T>; opened: Promise<T> | undefined } = {
    opened: undefined,
    get: () => (held.opened ??= work()),
  };
  return held;
}
