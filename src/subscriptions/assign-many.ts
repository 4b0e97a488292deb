import { call } from '../database/call.ts';
import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { analyzeGrown } from '../database/statistics.ts';
import { Failure } from '../domain/failure.ts';
import { assignPlan } from './assign.ts';
import type { Assignment } from './assignment.ts';
import { startSubscriptions } from './start.ts';
import { getTerms } from './terms.ts';
import { tryInSavepoint } from './try-in-savepoint.ts';

/** One of many assignments; `line` is its line in the file. */
export interface ManyRow extends Assignment {
  line: number;
}

export interface Refused {
  line: number;
  customer: string;
  reason: string;
}

export interface ManyDone {
  /** how many started, were upgraded or downgraded, or were unchanged */
  assigned: number;
  rejected: Refused[];
}

const filled = [
  'subscriptions',
  'subscription_phases',
  'credit_grants',
  'credit_entries',
  'invoices',
  'invoice_lines',
  'audit_log',
  'customer_windows',
  'usage_totals',
].map((table) => `subctl.${table}`);

/**
 * Assigns plans to many customers in the caller's transaction. Those without a subscription are started in one statement for all on the
 * same terms; the others one by one. A failed row is returned with its reason and does not stop the others.
 */
export async function assignMany(tx: Db, change: Change, rows: readonly ManyRow[]): Promise<ManyDone> {
  const done: ManyDone = { assigned: 0, rejected: [] };
  const { fresh, others } = await splitRows(tx, change, rows);
  for (const group of groupRows(fresh)) {
    const started = await startGroup(tx, change, group);
    done.assigned += started.assigned;
    done.rejected.push(...started.rejected);
  }
  for (const row of others) {
    const reason = await tryInSavepoint(tx, async (inner) => void (await assignPlan(inner, change, row)));
    if (reason === undefined) done.assigned++;
    else done.rejected.push({ line: row.line, customer: row.customer, reason });
  }
  await analyzeGrown(tx, filled);
  return done;
}

type Fresh = ManyRow & { wallet: string | null };

/** Customers without any past subscription or other row here can be started in one statement; they are locked. */
async function splitRows(
  tx: Db,
  change: Change,
  rows: readonly ManyRow[],
): Promise<{ fresh: Fresh[]; others: ManyRow[] }> {
  const ids = rows.map(({ customer }) => customer);
  await call(tx, 'subctl_internal.lock_subscriptions', { customers: ids });
  const found = await tx<{ id: string; currency: string | null }[]>`
    select c.id, c.currency
      from subctl.customers c
     where c.id = any (${ids}::text[]) and (c.disabled_at is null or c.disabled_at > ${change.at})
       and not exists (select from subctl.subscriptions s where s.customer_id = c.id)
       and not exists (select from subctl.members m where m.customer_id = c.id)`;
  const wallets = new Map(found.map(({ id, currency }) => [id, currency]));
  const fresh: Fresh[] = [];
  const others: ManyRow[] = [];
  for (const row of rows) {
    const wallet = wallets.get(row.customer);
    if (wallet === undefined) others.push(row);
    else fresh.push({ ...row, wallet });
    wallets.delete(row.customer);
  }
  return { fresh, others };
}

function groupRows(rows: readonly Fresh[]): Fresh[][] {
  const groups = new Map<string, Fresh[]>();
  for (const row of rows) {
    const { plan, every, currency, collection, trialDays, autoRenew, endsAt, note, wallet } = row;
    const key = JSON.stringify([
      plan,
      every,
      currency ?? wallet,
      collection,
      trialDays,
      autoRenew,
      endsAt,
      note,
    ]);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()];
}

async function startGroup(tx: Db, change: Change, group: readonly Fresh[]): Promise<ManyDone> {
  const asked = group[0]!;
  const customers = group.map(({ customer }) => customer);
  const reason = await tryInSavepoint(tx, async (inner) => {
    const terms = await getTerms(inner, { ...asked, currency: asked.currency ?? asked.wallet });
    if (!terms.active) throw new Failure('refused', `Plan ${terms.plan} is closed to new subscribers`);
    await startSubscriptions(inner, change, {
      customers,
      terms,
      trialDays: asked.trialDays ?? terms.trialDays,
      autoRenew: asked.autoRenew ?? (asked.endsAt ? false : terms.autoRenew),
      endsAt: asked.endsAt,
      note: asked.note,
    });
  });
  if (reason === undefined) return { assigned: group.length, rejected: [] };
  return { assigned: 0, rejected: group.map(({ line, customer }) => ({ line, customer, reason })) };
}
