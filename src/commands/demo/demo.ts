import path from 'node:path';
import { openCatalogue } from '../../catalog/open-catalogue.ts';
import { packageRoot, packageVersion } from '../../config/package-root.ts';
import { type Connection, openDatabase } from '../../database/connect.ts';
import { inTransaction } from '../../database/transaction.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { effectiveTimetable } from '../../scheduler/effective.ts';
import { setUp } from '../setup/set-up.ts';
import { describeDemo } from './describe-demo.ts';
import { fillDemo } from './fill.ts';
import { type Options, verb } from '../verb.ts';
import { instant, integer } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl demo', 'create it, or show where it is'],
    ['subctl demo --catalogue alwrity --customers 100', 'other plans, more customers'],
  ],
  exits: [3],
  rows: true,
  needs: 'nothing',
})
  .description(
    'Creates an embedded database in the folder demo/ of SUBCTL_HOME, separate from your own: a ' +
      'shipped catalogue, customers in several time zones, subscriptions and a month of usage. ' +
      'DATABASE_URL is ignored. Delete the folder to remove it.\n\n' +
      'The same --seed and --as-of give the same customers, plans and usage. A second run changes ' +
      'nothing.',
  )
  .option('--catalogue <name>', 'the catalogue to load', 'mobix')
  .option('--customers <number>', 'number of customers', integer({ min: 1, max: 100_000 }), 24)
  .option('-y, --yes', 'accepted as for setup; the demo never prompts', false)
  .option('--seed <number>', 'seed of the random data', integer({ min: 0, max: 4_294_967_295 }), 1)
  .option('--as-of <time>', 'end of the month of usage (default: now)', instant);

type Input = Options<typeof command>;

/** Creates the demo database, fills it once, and prints what to try. */
export async function run(context: Context, input: Options<typeof command>): Promise<Outcome> {
  const { database } = await context.settings();
  const home = path.join(database.home, 'demo');
  const connection = await openDatabase({ home, account: database.account, mayCreate: true });
  try {
    return describeDemo(home, await makeDemo(context, connection, input));
  } finally {
    await connection.end({ timeout: 5 });
  }
}

async function makeDemo(context: Context, connection: Connection, input: Input) {
  const { catalogue: name, customers: count, seed, asOf } = input;
  const catalogue = await openCatalogue(name, { cwd: context.cwd });
  const [clock] = await connection<
    { now: Date }[]
  >`select date_trunc('milliseconds', clock_timestamp()) as now`;
  const change = {
    now: asOf ?? clock!.now,
    actor: await context.actor(),
    action: 'demo',
    asked: { catalogue: name, customers: count, seed },
  };
  const program = { folder: path.join(packageRoot(), 'drizzle'), program: packageVersion() };
  const asked = {
    program,
    change,
    clock: clock!.now,
    catalogue,
    update: false,
    defaultPlan: undefined,
    timezone: undefined,
    tasks: effectiveTimetable(),
  };
  const huggingface = { inputTokenCost: undefined, outputTokenCost: undefined };
  return inTransaction(connection, async (tx) => {
    const [there] = await tx<
      { customers: boolean }[]
    >`select to_regclass('subctl.customers') is not null as customers`;
    if (there!.customers && (await tx`select from subctl.customers limit 1`).length > 0) return undefined;
    const { change: made } = await setUp(tx, { ...asked, huggingface });
    return fillDemo(tx, made, { count, seed });
  });
}
