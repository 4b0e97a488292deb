import { type Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { inSavepoint } from '../database/savepoint.ts';
import { type Check, type Statement, findingsOf } from './check.ts';
import { type CheckResult, runChecks } from './run-checks.ts';
import { checks } from './catalogue.ts';
import { grantsFromLedger } from './repairs/grants.ts';
import { missingRows } from './repairs/missing-rows.ts';
import { compiledPrices, compiledRules } from './repairs/compiled.ts';
import { subscriptionCounts } from './repairs/subscription-counts.ts';
import { usageSums } from './repairs/usage-sums.ts';
import { runningTotals } from './repairs/running-totals.ts';
import { windowBounds } from './repairs/window-bounds.ts';
import { openWindows } from './repairs/open-windows.ts';
import { lostWindows } from './repairs/lost-windows.ts';
import { windowCounts } from './repairs/window-counts.ts';
import type { Repair } from './repairs/repair.ts';

/** The order: rows that must exist, then what is compiled, then what is counted. */
const repairs: readonly Repair[] = [
  missingRows,
  compiledRules,
  compiledPrices,
  grantsFromLedger,
  openWindows,
  lostWindows,
  windowBounds,
  windowCounts,
  runningTotals,
  subscriptionCounts,
  usageSums,
];

export interface Repaired {
  before: CheckResult[];
  after: CheckResult[];
  /** what was written, by repair; repairs without work are left out */
  repairs: { repair: string; rows: number }[];
  changed: boolean;
}

/**
 * Runs the checks, rebuilds what can be derived, and runs them again. What `after` still finds cannot be derived and stays as it is. Where
 * a check finds more than before, nothing is repaired, because two figures contradict each other. Locks the customers concerned. Events,
 * the ledger, invoices and history are sources and are never changed.
 */
export async function repairDerived(
  tx: Db,
  change: Change,
  { sample, progress }: { sample?: number; progress?: (check: string) => void } = {},
): Promise<Repaired> {
  const request = { now: change.at, ...(sample && { sample }), ...(progress && { progress }) };
  const before = await runChecks(tx, request);
  const wrong = new Set(
    before.filter(({ count, errored }) => count > 0 && !errored).map(({ check }) => check),
  );
  const found = checks.filter(({ name }) => wrong.has(name));
  const wanted = repairs.filter((repair) => found.some((check) => check.repairs?.includes(repair)));
  if (wanted.length === 0) return { before, after: before, repairs: [], changed: false };
  await lockFound(tx, found);
  const worse = new Error('a check finds more than before');
  try {
    return await inSavepoint(tx, async (inner) => {
      const done: Repaired['repairs'] = [];
      for (const { name, run } of wanted) {
        const rows = await run(inner, change);
        if (rows > 0) done.push({ repair: name, rows });
      }
      const after = await runChecks(inner, request);
      if (after.some(({ check, count }) => count > countOf(before, check))) throw worse;
      return { before, after, repairs: done, changed: done.length > 0 };
    });
  } catch (error) {
    if (error !== worse) throw error;
    return { before, after: before, repairs: [], changed: false };
  }
}

const countOf = (results: readonly CheckResult[], name: string): number =>
  results.find(({ check }) => check === name)?.count ?? 0;

async function lockFound(tx: Db, wrong: readonly Check[]): Promise<void> {
  const found = wrong
    .map((check) => tx`select d.customer_id from (${findingsOf(tx, check)}) d` as Statement)
    .reduce((all, one) => tx`${all} union ${one}`);
  await tx`
    select subctl_internal.lock_subscriptions(coalesce(array_agg(f.customer_id order by f.customer_id), '{}'))
      from (${found}) f where f.customer_id <> ''`;
}
