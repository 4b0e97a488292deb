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
    ['subctl doctor', 'check the installation'],
    ['subctl doctor --deep --json', 'also check stored data, as JSON'],
    ['subctl doctor --repair --dry-run', 'preview the repairs'],
  ],
  exits: [4],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Checks the server, plans, time zones, the timetable, partitions, parked rows, prices and the ' +
      'ledger.\n\n' +
      '--deep also compares stored data with its sources: credits with the ledger, windows and running ' +
      'totals with the events, periods and history with the anchors, invoices with their line items, ' +
      'costs with the prices, and compiled rules with their definitions. Each check is one statement; ' +
      'in a large database it takes minutes. Counts of refused usage have no other source and cannot ' +
      'be checked.\n\n' +
      '--repair rebuilds derived data: windows and running totals from the events, remainders of ' +
      'grants from the ledger, compiled rules and price cards, missing rows of customers. Events, the ' +
      'ledger, invoices and history are sources: they are never changed, and their errors stay on the ' +
      'list.\n\n' +
      'The exit code is 0 when all checks pass, and 4 when a finding was not repaired. With 5 and 6 ' +
      'the database could not be checked.',
  )
  .option('--deep', 'compare stored data with its sources', false)
  .option('--repair', 'rebuild derived data; checks before and after', false);

const columns: readonly Column[] = [
  { key: 'check' },
  { key: 'state' },
  { key: 'found', show: (value) => (value as string[]).join('; ') || '-' },
  { key: 'count', hidden: true },
  { key: 'hint', hidden: true },
  { key: 'rows', hidden: true },
];

/** Runs the health checks and the requested integrity checks, and prints hints for their findings. */
export async function run(context: Context, asked: Options<typeof command>): Promise<Outcome> {
  const integrity = await examineIntegrity(context, asked);
  const db = await context.database();
  const { server, schema, setUpBy } = await describeDatabase(db);
  const now = await context.now();
  const keys = await examineKeys(db, { now, openRing: () => keyRingIfAny(context) });
  const lines = [...linesOfHealth([...(await runHealthChecks(db, now)), ...keys]), ...integrity];
  const account = isExternal((await context.settings()).database) ? await examineAccount(db) : [];
  const unchecked =
    integrity.length > 0 ? ['Counts of refused usage have no other source and are not checked'] : [];
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
