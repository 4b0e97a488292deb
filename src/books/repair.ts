import { type Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { inSavepoint } from '../database/savepoint.ts';
import type { Proof, Statement } from './proof.ts';
import { type Proven, prove } from './prove.ts';
import { proofs } from './proofs.ts';
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

/** In this order: rows that must be there, then what is compiled, then what is counted. */
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
  before: Proven[];
  after: Proven[];
  /** what was written, by repair; those that had nothing to do are left out */
  repairs: { repair: string; rows: number }[];
  changed: boolean;
}

/**
 * Proves the books, builds again what can be derived, and proves them once more: what `after` still finds cannot be derived from anything
 * and is left as it is. Where a proof finds more than before, nothing is repaired: one figure would contradict another. The customers concerned
 * are locked. Events, the ledger, invoices and history are sources and are never touched.
 */
export async function repairBooks(
  tx: Db,
  change: Change,
  { sample, progress }: { sample?: number; progress?: (proof: string) => void } = {},
): Promise<Repaired> {
  const request = { now: change.at, ...(sample && { sample }), ...(progress && { progress }) };
  const before = await prove(tx, request);
  const wrong = new Set(
    before.filter(({ count, stumbled }) => count > 0 && !stumbled).map(({ proof }) => proof),
  );
  const wanted = repairs.filter(({ mends }) => mends.some((proof) => wrong.has(proof)));
  if (wanted.length === 0) return { before, after: before, repairs: [], changed: false };
  await lockFound(
    tx,
    change,
    proofs.filter(({ name }) => wrong.has(name)),
  );
  const worse = new Error('a proof finds more than before');
  try {
    return await inSavepoint(tx, async (inner) => {
      const done: Repaired['repairs'] = [];
      for (const { name, run } of wanted) {
        const rows = await run(inner, change);
        if (rows > 0) done.push({ repair: name, rows });
      }
      const after = await prove(inner, request);
      if (after.some(({ proof, count }) => count > countOf(before, proof))) throw worse;
      return { before, after, repairs: done, changed: done.length > 0 };
    });
  } catch (error) {
    if (error !== worse) throw error;
    return { before, after: before, repairs: [], changed: false };
  }
}

const countOf = (proven: readonly Proven[], name: string): number =>
  proven.find(({ proof }) => proof === name)?.count ?? 0;

async function lockFound(tx: Db, change: Change, wrong: readonly Proof[]): Promise<void> {
  const found = wrong
    .map(({ disagreements }) => tx`select d.customer from (${disagreements(tx, change.at)}) d` as Statement)
    .reduce((all, one) => tx`${all} union ${one}`);
  await tx`select subctl.lock_subscriptions(coalesce(array_agg(f.customer order by f.customer), '{}')) from (${found}) f where f.customer <> ''`;
}
