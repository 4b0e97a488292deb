import { describeDatabase, runHealthChecks } from '../../integrity/run-health-checks.ts';
import { isExternal } from '../../database/connect.ts';
import { examineKeys } from '../../keys/examine-keys.ts';
import type { Column, Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { examineAccount } from '../../roles/examine-account.ts';
import { keyRingIfAny } from '../keys/ring.ts';
import { type Line, linesOfHealth } from './lines.ts';
import { checkIntegrity, repair } from './check-integrity.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl doctor', 'is all well?'],
    ['subctl doctor --deep --json', 'check stored data, for a monitor'],
    ['subctl doctor --repair --dry-run', 'what could be repaired, and what not?'],
  ],
  exits: [4],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Checks the server, plans, time zones, the timetable, partitions, parked rows, prices and the ' +
      'ledger.\n\n' +
      'With --deep it also compares stored data with its sources and trusts no figure that could be ' +
      'counted again: credits from the ledger, every window and running total from the events, periods ' +
      'and history from the anchors, invoices from their lines, costs from the prices, and what is ' +
      'compiled from what it was compiled from. Each check is one statement; in a large database that ' +
      'takes minutes. How often a use was refused is kept nowhere else and cannot be checked.\n\n' +
      'With --repair what can be derived is built again: windows and running totals from the events, ' +
      'what is left of grants from the ledger, compiled rules and price cards, missing rows of ' +
      'customers. Events, the ledger, invoices and history are the sources: they are never changed, and ' +
      'what is wrong with them stays on the list.\n\n' +
      'The exit code is 0 when all is well and 4 when something is found that was not repaired; with 5 ' +
      'and 6 the database could not be examined at all.',
  )
  .option('--deep', 'compare stored data with its sources', false)
  .option('--repair', 'rebuild what can be derived; checks before and after', false);

const columns: readonly Column[] = [
  { key: 'check' },
  { key: 'state' },
  { key: 'found', show: (value) => (value as string[]).join('; ') || '-' },
  { key: 'count', hidden: true },
  { key: 'hint', hidden: true },
  { key: 'rows', hidden: true },
];

/** Runs the health checks, and the integrity checks where they are asked for, and says what to do about what they found. */
export async function run(context: Context, asked: Options<typeof command>): Promise<Outcome> {
  const integrity = await examineIntegrity(context, asked);
  const db = await context.database();
  const { server, schema, setUpBy } = await describeDatabase(db);
  const now = await context.now();
  const keys = await examineKeys(db, { now, openRing: () => keyRingIfAny(context) });
  const lines = [...linesOfHealth([...(await runHealthChecks(db, now)), ...keys]), ...integrity];
  const account = isExternal((await context.settings()).database) ? await examineAccount(db) : [];
  const unchecked =
    integrity.length > 0 ? ['How often uses were refused is kept nowhere else and is not checked'] : [];
  const wrong = lines.filter(({ state }) => state !== 'ok' && state !== 'repaired');
  return {
    title: `PostgreSQL ${server}, schema ${schema} by subctl ${setUpBy}`,
    columns,
    rows: lines as never,
    notes: [...account, ...unchecked],
    footer: wrong.map(({ check, hint }) => `${check}: ${hint}`),
    ...(wrong.length > 0 ? { exit: 'refused' as const } : {}),
  };
}

async function examineIntegrity(
  context: Context,
  { repair: repairs, deep }: Pick<Options<typeof command>, 'repair' | 'deep'>,
): Promise<Line[]> {
  if (repairs) return repair(context);
  return deep ? checkIntegrity(context) : [];
}
