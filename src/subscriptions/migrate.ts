import { call } from '../database/call.ts';
import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { changePlanNow } from './change-plan.ts';
import { schedulePlan } from './edit-live-subscription.ts';
import { type LiveSubscription, findLiveSubscription } from './live-subscription.ts';
import { chooseSeats } from './seats.ts';
import { settleSubscriptions } from './settle.ts';
import { type Terms, getTerms } from './terms.ts';
import { tryInSavepoint } from './try-in-savepoint.ts';

/** The result for one subscriber; prices are of one period, `at` is when the version changes. */
export interface Migrated {
  customer: string;
  action: 'migrated' | 'scheduled' | 'skipped';
  /** null for a customer who is not on the plan */
  from_version: number | null;
  to_version: number | null;
  at: Date | null;
  old_price: string | null;
  new_price: string | null;
  currency: string | null;
  /** why it was skipped */
  reason: string | null;
}

/** A completed page, up to the customer `last`; null when none was left. */
export interface MigratedPage {
  rows: Migrated[];
  last: string | null;
}

export interface MigratePage {
  plan: string;
  /** the target version; the current one by default */
  to?: number | undefined;
  /** only subscribers of these versions; when empty all older than the current one, or all but the given one */
  from: readonly number[];
  /** only these customers; undefined is all */
  customers?: readonly string[] | undefined;
  when: 'now' | 'period-end';
  /** customers after this one, by id */
  after: string;
  limit: number;
}

/**
 * Migrates the subscribers of a plan's older versions to its current one, or all to a given version, also backwards: one page of them in
 * the caller's transaction; `last` is null when none is left. With `now` the period, its anchor and usage continue (R32), nothing is
 * charged, and the price applies from the next period. Trials, and with `period-end` all, change at the end of their period. A customer
 * who cannot be migrated is skipped with the reason. Customers who were migrated, or have a pending change, are not found again, so an
 * interrupted run can be repeated.
 * @throws Failure not_found for an unknown plan or version
 */
export async function migrateSubscribers(tx: Db, change: Change, page: MigratePage): Promise<MigratedPage> {
  const { version } = await getVersion(tx, page);
  const ids = await findOutdated(tx, { ...page, version });
  if (ids.length === 0) return { rows: [], last: null };
  await call(tx, 'subctl_internal.lock_subscriptions', { customers: ids });
  await settleSubscriptions(tx, change, ids);
  const done: Migrated[] = [];
  for (const customer of ids) {
    const head = await findLiveSubscription(tx, customer);
    if (head?.plan === page.plan && isOutdated(page, head.version, version))
      done.push(await migrateOne(tx, change, { head, version, when: page.when }));
  }
  return { rows: done, last: ids.at(-1)! };
}

/** Reads the target version; one that cannot be charged fails here and not at each customer. */
async function getVersion(tx: Db, { plan, to }: MigratePage): Promise<{ version: number }> {
  const [row] = await tx<{ version: number }[]>`
    select v.version from subctl.plans p
      join subctl.plan_versions v on v.plan_id = p.id and v.version = coalesce(${to ?? null}::int, p.current_version)
     where p.id = ${plan}`;
  return row ?? getTerms(tx, { plan, version: to });
}

const isOutdated = ({ to }: MigratePage, has: number, wanted: number): boolean =>
  to === undefined ? has < wanted : has !== wanted;

async function findOutdated(
  tx: Db,
  { plan, to, from, customers, version, after, limit }: MigratePage & { version: number },
): Promise<string[]> {
  const rows = await tx<{ id: string }[]>`
    select s.customer_id as id from subctl.subscriptions s
     where s.plan_id = ${plan} and s.version <> ${version} and (${to !== undefined}::boolean or s.version < ${version})
       and (${customers === undefined}::boolean or s.customer_id = any (${[...(customers ?? [])]}::text[])) and (cardinality(${[...from]}::int[]) = 0 or s.version = any (${[...from]}::int[]))
       and s.status in ('trialing', 'active', 'past_due', 'paused') and s.customer_id > ${after}
       and (s.pending_plan_id, s.pending_version) is distinct from (${plan}, ${version})
     order by s.customer_id limit ${limit}`;
  return rows.map(({ id }) => id);
}

/** Rows for those of some customers who have no live subscription to the plan: they are skipped. */
export async function listNonSubscribers(
  db: Db,
  { plan, customers }: { plan: string; customers: readonly string[] },
): Promise<Migrated[]> {
  const rows = await db<{ id: string; known: boolean; other: string | null }[]>`
    select a.id, c.id is not null as known, s.plan_id as other
      from unnest(${[...customers]}::text[]) a(id)
      left join subctl.customers c on c.id = a.id
      left join subctl.subscriptions s on s.customer_id = a.id and s.status in ('trialing', 'active', 'past_due', 'paused')
     where s.plan_id is distinct from ${plan}
     order by a.id`;
  const none = { from_version: null, at: null, old_price: null, new_price: null, currency: null };
  const reasonOf = (other: string | null) =>
    other === null ? `No subscription to ${plan}` : `The subscription is to ${other}`;
  return rows.map(({ id, known, other }) => ({
    ...{ customer: id, action: 'skipped', ...none, to_version: null },
    reason: known ? reasonOf(other) : 'There is no such customer',
  }));
}

async function migrateOne(
  tx: Db,
  change: Change,
  { head, version, when }: { head: LiveSubscription; version: number; when: MigratePage['when'] },
): Promise<Migrated> {
  const waits = when === 'period-end' || head.status === 'trialing';
  const facts = {
    ...{
      customer: head.customer,
      from_version: head.version,
      to_version: version,
      old_price: head.price,
      currency: head.currency,
    },
    ...{ new_price: null as string | null, at: null },
  };
  const reason = await tryInSavepoint(tx, async (inner) => {
    checkState(head, change.at, waits);
    const terms = await termsFor(inner, head, version);
    facts.new_price = terms.price;
    terms.seats = await chooseSeats(inner, {
      customer: head.customer,
      terms,
      held: head.pendingQuantity ?? head.quantity,
    });
    if (waits) await schedulePlan(inner, change, { head, terms });
    else
      await changePlanNow(inner, change, {
        head,
        terms,
        direction: 'migrate',
        anchor: 'keep',
        proration: 'none',
        autoRenew: head.autoRenew,
      });
  });
  if (reason !== undefined) return { ...facts, action: 'skipped', reason };
  return {
    ...facts,
    action: waits ? 'scheduled' : 'migrated',
    at: waits ? head.periodEnd : change.at,
    reason: null,
  };
}

/** A version for the same interval, currency and collection. */
async function termsFor(
  tx: Db,
  { plan, every, currency, collection }: LiveSubscription,
  version: number,
): Promise<Terms> {
  const kept = collection === 'complimentary' || collection === 'charge' ? collection : undefined;
  return getTerms(tx, { plan, version, every, currency, collection: kept });
}

function checkState(head: LiveSubscription, now: Date, waits: boolean): void {
  const because = reasonOf(head, now, waits);
  if (because) throw new Failure('refused', because);
}

function reasonOf(head: LiveSubscription, now: Date, waits: boolean): string | undefined {
  if (head.status === 'paused' || head.status === 'past_due')
    return `The subscription is ${head.status.replace('_', ' ')}`;
  if (head.collection === 'stripe') return 'The subscription belongs to Stripe';
  if (head.pendingPlan !== null && head.pendingPlan !== head.plan)
    return `A change to ${head.pendingPlan} is pending for the period's end`;
  if (waits && (head.cancelAtPeriodEnd || !head.autoRenew)) return 'The subscription ends with its period';
  if (head.fromAt > now) return `The subscription changed at ${head.fromAt.toISOString()}, which is later`;
  return undefined;
}
